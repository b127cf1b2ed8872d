# twinbit_core: numbers to monitor and the C API, as one static library. No heap, no libm, no exceptions in it.
file(GLOB twinbit_core_sources CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/core/*/*.cpp"
    "${PROJECT_SOURCE_DIR}/core/*/*.c"
    "${PROJECT_SOURCE_DIR}/capi/src/*.cpp")

add_library(twinbit_core STATIC ${twinbit_core_sources})
target_include_directories(twinbit_core
    PUBLIC "${PROJECT_SOURCE_DIR}/capi/include"
    PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/core>")
target_include_directories(twinbit_core SYSTEM PRIVATE "${kissfft_folder}")
target_link_libraries(twinbit_core PUBLIC twinbit_contract PRIVATE $<BUILD_INTERFACE:twinbit_warnings>)
target_compile_options(twinbit_core PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>
    -ffunction-sections -fdata-sections)
if(NOT CMAKE_CROSSCOMPILING)
    set_target_properties(twinbit_core PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()
