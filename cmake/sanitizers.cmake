# TWINBIT_SANITIZE: sanitizers for every target below, each finding is fatal.
if(TWINBIT_SANITIZE)
    string(REPLACE ";" "," sanitizer_names "${TWINBIT_SANITIZE}")
    add_compile_options(-fsanitize=${sanitizer_names} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
    add_link_options(-fsanitize=${sanitizer_names})
endif()
