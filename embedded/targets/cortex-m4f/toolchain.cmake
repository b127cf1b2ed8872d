# CMake toolchain of cortex-m4f: Cortex-M4 with single-precision FPU: MPS2 AN386.
set(TWINBIT_TARGET cortex-m4f)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
