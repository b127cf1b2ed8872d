# CMake toolchain of rv32imac: RISC-V RV32IMAC without FPU: QEMU virt.
set(TWINBIT_TARGET rv32imac)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
