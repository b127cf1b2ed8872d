# twinbit_eigen: Eigen 3.4's headers, an oracle for the host tests. Nothing in core uses them yet.
#
# Where they come from: the system's package, else the Python package cmeel-eigen (a build requirement of ours), else a
# download; the last only if tests are built.
find_package(Eigen3 3.4 QUIET NO_MODULE)
add_library(twinbit_eigen INTERFACE)

# The folder with Eigen/Core in a Python package of the interpreter that builds us, empty if there is none.
function(eigen_from_python result)
    find_package(Python3 QUIET COMPONENTS Interpreter)
    set(program "import pathlib, sys
for place in sys.path:
    folder = pathlib.Path(place) / 'cmeel.prefix' / 'include' / 'eigen3'
    if (folder / 'Eigen' / 'Core').is_file():
        print(folder.as_posix())
        break")
    if(Python3_Interpreter_FOUND)
        execute_process(COMMAND "${Python3_EXECUTABLE}" -c "${program}" OUTPUT_VARIABLE folder
                        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    set(${result} "${folder}" PARENT_SCOPE)
endfunction()

if(TARGET Eigen3::Eigen)
    get_target_property(eigen_folder Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
else()
    eigen_from_python(eigen_folder)
endif()
if(NOT eigen_folder AND TWINBIT_TESTS)
    include(FetchContent)
    FetchContent_Declare(eigen URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
        URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72)
    FetchContent_GetProperties(eigen)
    if(NOT eigen_POPULATED)
        FetchContent_Populate(eigen)
    endif()
    set(eigen_folder "${eigen_SOURCE_DIR}")
endif()

if(eigen_folder)
    message(STATUS "Eigen: ${eigen_folder}")
    target_include_directories(twinbit_eigen SYSTEM INTERFACE "${eigen_folder}")
endif()
