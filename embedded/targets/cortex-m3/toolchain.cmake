# CMake toolchain of cortex-m3: Cortex-M3 without FPU: MPS2 AN385.
set(TWINBIT_TARGET cortex-m3)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
