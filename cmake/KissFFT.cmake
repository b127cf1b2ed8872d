# KissFFT 131.1.0, unmodified, compiled once for each scalar.
#
# twinbit_kissfft_f32 and twinbit_kissfft_q31 carry different names for the same functions, so that both link into one
# program; a source that calls one of them links that target, includes <kiss_fft.h> and writes the usual names.
# twinbit_kissfft stands for both. None can allocate: callers give the memory (lenmem and mem of kiss_fft_alloc).
#
# Where the source comes from, in this order; the digest must match in the last two:
#   1. -DKISSFFT_SOURCE_DIR=DIR, an unpacked release;
#   2. the release's archive from its project page;
#   3. the same archive as part of Debian's source package (no root needed).
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
    if(NOT EXISTS "${folder}/kiss_fft.c" OR NOT EXISTS "${folder}/kiss_fftr.c")
        message(FATAL_ERROR "No KissFFT source (kiss_fft.c, kiss_fftr.c) in KISSFFT_SOURCE_DIR: ${folder}")
    endif()
    set(${result} "${folder}" PARENT_SCOPE)
endfunction()

# One scalar: all public names get the prefix, and the allocator is no memory at all.
function(kissfft_library name prefix)
    add_library(${name} STATIC "${kissfft_folder}/kiss_fft.c" "${kissfft_folder}/kiss_fftr.c")
    target_include_directories(${name} SYSTEM PUBLIC "${kissfft_folder}")
    foreach(symbol kiss_fft kiss_fft_alloc kiss_fft_stride kiss_fft_cleanup kiss_fft_next_fast_size kiss_fft_state
                   kiss_fftr kiss_fftri kiss_fftr_alloc kiss_fftr_state)
        target_compile_definitions(${name} PUBLIC ${symbol}=${prefix}_${symbol})
    endforeach()
    target_compile_definitions(${name} PUBLIC ${ARGN})
    target_compile_options(${name} PRIVATE "-DKISS_FFT_MALLOC(bytes)=NULL" "-DKISS_FFT_FREE(memory)=((void)(memory))"
                                           -ffunction-sections -fdata-sections -w)
    target_link_libraries(${name} PUBLIC twinbit_contract)
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

kissfft_find(kissfft_folder)
message(STATUS "KissFFT: ${kissfft_folder}")
kissfft_library(twinbit_kissfft_f32 tb_f32)
kissfft_library(twinbit_kissfft_q31 tb_q31 FIXED_POINT=32)

add_library(twinbit_kissfft INTERFACE)
target_link_libraries(twinbit_kissfft INTERFACE $<LINK_ONLY:twinbit_kissfft_f32> $<LINK_ONLY:twinbit_kissfft_q31>)
