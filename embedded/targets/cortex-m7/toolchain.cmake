# CMake toolchain of cortex-m7: Cortex-M7 with double-precision FPU: MPS2 AN500.
set(TWINBIT_TARGET cortex-m7)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
