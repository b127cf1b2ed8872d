# Standard C++ headers for a compiler whose package has none (Debian's bare RISC-V GCC): those of the Arm toolchain.
# Core includes only headers that are the same everywhere: cstdint, limits, type_traits and their like.
function(twinbit_borrow_cxx_headers compiler flags out)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    execute_process(COMMAND ${compiler} ${flags} -xc++ -std=c++17 -fsyntax-only -include type_traits /dev/null
        RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    set(${out} "" PARENT_SCOPE)
    if(NOT failed)
        return()
    endif()
    execute_process(COMMAND arm-none-eabi-g++ -xc++ -E -v /dev/null ERROR_VARIABLE spoken OUTPUT_QUIET RESULT_VARIABLE failed)
    string(REGEX MATCH "\n (/[^\n]*c\\+\\+[^\n]*)" found "${spoken}")
    if(failed OR NOT found)
        message(FATAL_ERROR "${compiler} has no C++ headers and arm-none-eabi-g++ has none to lend")
    endif()
    string(STRIP "${CMAKE_MATCH_1}" folder)
    set(${out} "-nostdinc++ -isystem${folder} -isystem${folder}/arm-none-eabi" PARENT_SCOPE)
endfunction()
