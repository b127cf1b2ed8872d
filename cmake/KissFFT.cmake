# KissFFT 131.1.0, unmodified: core/signal/kissfft_float.c and kissfft_fixed.c compile it, once for each scalar.
#
# Sets kissfft_folder, where its source is.
#
# Where the source comes from, in this order; the digest must match in the last two:
#   1. -DKISSFFT_SOURCE_DIR=DIR, or the environment's variable of that name: an unpacked release;
#   2. the folder kissfft beside CMakeLists.txt, which the Python package carries;
#   3. the release's archive from its project page;
#   4. the same archive as part of Debian's source package (no root needed).
set(KISSFFT_SOURCE_DIR "" CACHE PATH "An unpacked KissFFT 131.1.0; empty: it is downloaded")

set(kissfft_version 131.1.0)
set(kissfft_sha256 76c1aac87ddb7258f34b08a13f0eebf9e53afa299857568346aa5c82bcafaf1a)
set(kissfft_url "https://github.com/mborgerding/kissfft/archive/refs/tags/${kissfft_version}.tar.gz")
set(kissfft_work "${CMAKE_BINARY_DIR}/_kissfft")

# Sets ${result} to TRUE if the file is the archive that we mean.
function(kissfft_check archive result)
    set(${result} FALSE PARENT_SCOPE)
    if(EXISTS "${archive}")
        file(SHA256 "${archive}" digest)
        if(digest STREQUAL kissfft_sha256)
            set(${result} TRUE PARENT_SCOPE)
        endif()
    endif()
endfunction()

# Leaves the archive at ${archive}, or says in ${problems} why it could not be had.
function(kissfft_download archive problems)
    file(DOWNLOAD "${kissfft_url}" "${archive}" TIMEOUT 60 INACTIVITY_TIMEOUT 10 STATUS status)
    kissfft_check("${archive}" good)
    if(good)
        return()
    endif()
    list(GET status 1 reason)
    set(report "  ${kissfft_url}\n    ${reason}")
    file(REMOVE "${archive}")

    execute_process(
        COMMAND sh "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/kissfft_from_debian.sh" "${kissfft_work}/apt" "${archive}"
                ${kissfft_version}
        TIMEOUT 120 RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
    kissfft_check("${archive}" good)
    if(good)
        return()
    endif()
    string(STRIP "${output}" output)
    string(REPLACE "\n" "\n    " output "${output}")
    set(${problems} "${report}\n  Debian's source package (apt-get source kissfft), ${code}\n    ${output}" PARENT_SCOPE)
endfunction()

# Sets ${result} to the folder of the unpacked source.
function(kissfft_find result)
    if(KISSFFT_SOURCE_DIR)
        set(folder "${KISSFFT_SOURCE_DIR}")
    elseif(DEFINED ENV{KISSFFT_SOURCE_DIR})
        set(folder "$ENV{KISSFFT_SOURCE_DIR}")
    elseif(EXISTS "${PROJECT_SOURCE_DIR}/kissfft/kiss_fft.c")
        set(folder "${PROJECT_SOURCE_DIR}/kissfft")
    else()
        set(folder "${kissfft_work}/kissfft-${kissfft_version}")
        set(archive "${kissfft_work}/kissfft-${kissfft_version}.tar.gz")
        kissfft_check("${archive}" good)
        if(NOT good)
            kissfft_download("${archive}" problems)
        endif()
        if(problems)
            message(FATAL_ERROR "twinbit needs KissFFT ${kissfft_version} and could not get it:\n${problems}\n"
                "Download that archive yourself (SHA-256 ${kissfft_sha256}), unpack it and configure with "
                "-DKISSFFT_SOURCE_DIR=/path/to/kissfft-${kissfft_version}; with pip: "
                "pip install . -C cmake.define.KISSFFT_SOURCE_DIR=/path/to/kissfft-${kissfft_version}\n")
        endif()
        if(NOT EXISTS "${folder}/kiss_fft.c")
            file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${kissfft_work}")
        endif()
    endif()
    if(NOT EXISTS "${folder}/kiss_fft.c")
        message(FATAL_ERROR "No KissFFT source (kiss_fft.c) in KISSFFT_SOURCE_DIR: ${folder}")
    endif()
    set(${result} "${folder}" PARENT_SCOPE)
endfunction()

kissfft_find(kissfft_folder)
message(STATUS "KissFFT: ${kissfft_folder}")
