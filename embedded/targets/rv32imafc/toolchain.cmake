# CMake toolchain of rv32imafc: RISC-V RV32IMAFC with single-precision FPU: QEMU virt.
set(TWINBIT_TARGET rv32imafc)
include("${CMAKE_CURRENT_LIST_DIR}/../common/toolchain.cmake")
