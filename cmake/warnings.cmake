# twinbit_warnings: the warnings that our own sources are free of with GCC 12 and clang 14.
add_library(twinbit_warnings INTERFACE)
target_compile_options(twinbit_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(TWINBIT_WERROR)
    target_compile_options(twinbit_warnings INTERFACE -Werror)
endif()
