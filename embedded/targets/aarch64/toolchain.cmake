# CMake toolchain of aarch64: AArch64 Linux under user emulation.
set(TWINBIT_TARGET aarch64)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
