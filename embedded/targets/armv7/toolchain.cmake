# CMake toolchain of armv7: ARMv7-A Linux with NEON under user emulation.
set(TWINBIT_TARGET armv7)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
