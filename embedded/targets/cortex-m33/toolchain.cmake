# CMake toolchain of cortex-m33: Cortex-M33 with single-precision FPU: MPS2 AN505, secure side.
set(TWINBIT_TARGET cortex-m33)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
