# CMake toolchain of cortex-m0: Cortex-M0 without FPU: micro:bit, nRF51822 with 256 KB of flash and 16 KB of RAM.
set(TWINBIT_TARGET cortex-m0)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
