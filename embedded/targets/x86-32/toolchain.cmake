# CMake toolchain of x86-32: 32-bit x86 Linux with SSE2, runs natively.
set(TWINBIT_TARGET x86-32)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
