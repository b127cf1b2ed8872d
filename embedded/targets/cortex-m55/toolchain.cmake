# CMake toolchain of cortex-m55: Cortex-M55 with FPU and integer Helium (vectorised float would flush subnormals): MPS3 AN547.
set(TWINBIT_TARGET cortex-m55)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
