# What all toolchain files share: compilers and flags out of the target's target.json, which the Python package reads too.
#
# In: TWINBIT_TARGET, the name of the folder in embedded/targets.
set(twinbit_target_dir "${CMAKE_CURRENT_LIST_DIR}/../${TWINBIT_TARGET}")
file(READ "${twinbit_target_dir}/target.json" twinbit_json)
foreach(key compiler flags optimise link platform command)
    string(JSON twinbit_${key} GET "${twinbit_json}" ${key})
endforeach()

set(TWINBIT_TARGET "${TWINBIT_TARGET}" CACHE STRING "Target, a folder of embedded/targets")
set(TWINBIT_PLATFORM "${twinbit_platform}" CACHE STRING "cortex-m, riscv or hosted")
set(TWINBIT_COMMAND "${twinbit_command}" CACHE STRING "What runs a program; {program} stands for its path")

if(twinbit_platform STREQUAL "hosted")
    set(CMAKE_SYSTEM_NAME Linux)
else()
    set(CMAKE_SYSTEM_NAME Generic)
    set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # nothing can be linked before the linker script is known
endif()
set(CMAKE_SYSTEM_PROCESSOR "${TWINBIT_TARGET}")
set(CMAKE_C_COMPILER "${twinbit_compiler}gcc")
set(CMAKE_CXX_COMPILER "${twinbit_compiler}g++")
set(CMAKE_ASM_COMPILER "${twinbit_compiler}gcc")

# The C library: newlib-nano on Cortex-M, picolibc on RISC-V.
set(twinbit_specs "")
set(twinbit_cxx "")
if(twinbit_platform STREQUAL "cortex-m")
    set(twinbit_specs "--specs=nano.specs")
elseif(twinbit_platform STREQUAL "riscv")
    set(twinbit_specs "--specs=picolibc.specs")
    include("${CMAKE_CURRENT_LIST_DIR}/borrowed_headers.cmake")
    twinbit_borrow_cxx_headers("${CMAKE_CXX_COMPILER}" "${twinbit_flags} ${twinbit_specs}" twinbit_cxx)
endif()

set(CMAKE_C_FLAGS_INIT "${twinbit_flags} ${twinbit_specs}")
set(CMAKE_CXX_FLAGS_INIT "${twinbit_flags} ${twinbit_specs} ${twinbit_cxx}")
set(CMAKE_ASM_FLAGS_INIT "${twinbit_flags} ${twinbit_specs}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${twinbit_link}")
foreach(language C CXX)
    set(CMAKE_${language}_FLAGS_RELEASE_INIT "${twinbit_optimise}")
    set(CMAKE_${language}_FLAGS_RELEASE "${twinbit_optimise}" CACHE STRING "The target's own level")
endforeach()

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
