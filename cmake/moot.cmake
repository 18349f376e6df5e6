# The build's own words. Each library exposes only its own folder, so an include that the
# layering does not allow does not compile.

set(MOOT_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wwrite-strings -Wpointer-arith -Wcast-align -Wundef -Wvla
    -Wformat=2 -Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough
    -Wconversion -Wno-sign-conversion -fno-common)

function(moot_flags target)
    target_compile_options(${target} PRIVATE ${MOOT_WARNINGS})
    if(MOOT_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE MOOT_VERSION="${PROJECT_VERSION}")
endfunction()

# moot_library(NAME SOURCES a.c b.c LINK other PRIVATE_LINK sqlite3)
# LINK is what the headers use, PRIVATE_LINK what only the sources use.
function(moot_library name)
    cmake_parse_arguments(A "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    add_library(moot_${name} STATIC ${A_SOURCES})
    list(TRANSFORM A_LINK PREPEND moot_)
    target_include_directories(moot_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(moot_${name} PUBLIC ${A_LINK} PRIVATE ${A_PRIVATE_LINK})
    moot_flags(moot_${name})
endfunction()

# moot_program(NAME COMPONENT client SOURCES main.c LINK base proto): builds bin/NAME and installs
# it with that component.
function(moot_program name)
    cmake_parse_arguments(A "" "COMPONENT" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    list(TRANSFORM A_LINK PREPEND moot_)
    target_link_libraries(${name} PRIVATE ${A_LINK} ${A_PRIVATE_LINK})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    moot_flags(${name})
    install(TARGETS ${name} RUNTIME DESTINATION bin COMPONENT ${A_COMPONENT})
endfunction()

# moot_zipped(FILE DESTINATION NAME COMPONENT): installs FILE compressed, as NAME.gz.
find_program(GZIP gzip REQUIRED)
function(moot_zipped file destination name component)
    set(zipped ${CMAKE_CURRENT_BINARY_DIR}/${component}/${name}.gz)
    add_custom_command(OUTPUT ${zipped}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/${component}
        COMMAND ${GZIP} -9nc ${file} > ${zipped}
        DEPENDS ${file} VERBATIM)
    add_custom_target(zipped-${component}-${name} ALL DEPENDS ${zipped})
    install(FILES ${zipped} DESTINATION ${destination} COMPONENT ${component})
endfunction()

# moot_unit_test(NAME LINK base ...): tests/unit/test_NAME.c, one cmocka program.
function(moot_unit_test name)
    cmake_parse_arguments(A "" "" "LINK;PRIVATE_LINK" ${ARGN})
    list(TRANSFORM A_LINK PREPEND moot_)
    add_executable(test_${name} test_${name}.c)
    target_link_libraries(test_${name} PRIVATE ${A_LINK} ${A_PRIVATE_LINK} cmocka)
    set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    moot_flags(test_${name})
    add_test(NAME unit.${name} COMMAND test_${name})
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 180)
endfunction()

# moot_fuzz(NAME LINK proto): tests/fuzz/fuzz_NAME.c, which defines LLVMFuzzerTestOneInput.
# The gate replays tests/fuzz/corpus/NAME through it; scripts/fuzz NAME searches further.
function(moot_fuzz name)
    cmake_parse_arguments(A "" "" "LINK;PRIVATE_LINK" ${ARGN})
    list(TRANSFORM A_LINK PREPEND moot_)
    if(MOOT_FUZZ)
        add_executable(fuzz_${name} fuzz_${name}.c)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(fuzz_${name} fuzz_${name}.c replay.c)
    endif()
    target_link_libraries(fuzz_${name} PRIVATE ${A_LINK} ${A_PRIVATE_LINK})
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    moot_flags(fuzz_${name})
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
