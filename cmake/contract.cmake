# twinbit_contract: the compiler flags that equal bits depend on. Everything that compiles a line of core links it.
#
#   -ffp-contract=off   no fused multiply-add: a product is rounded before it is added
#   -fno-math-errno     sqrtf may be the instruction, which is rounded correctly
#   -msse2 -mfpmath=sse on 32-bit x86: float expressions are evaluated in float, not in the 80 bits of the x87
#
# TWINBIT_TEST_CONTRACTION breaks the contract on purpose. The parity test builds with it to see itself fail.
option(TWINBIT_TEST_CONTRACTION "Tests only: allow fused multiply-add, which changes bits" OFF)

add_library(twinbit_contract INTERFACE)
target_compile_options(twinbit_contract INTERFACE -fno-math-errno)
if(TWINBIT_TEST_CONTRACTION)
    target_compile_options(twinbit_contract INTERFACE -ffp-contract=fast)
    target_compile_definitions(twinbit_contract INTERFACE TWINBIT_TEST_CONTRACTION)
else()
    target_compile_options(twinbit_contract INTERFACE -ffp-contract=off)
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(i[3-6]86|x86)$" OR (CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64"
                                                         AND CMAKE_SIZEOF_VOID_P EQUAL 4))
    target_compile_options(twinbit_contract INTERFACE -msse2 -mfpmath=sse)
endif()
