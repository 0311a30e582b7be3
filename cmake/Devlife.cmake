# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What every target of devlife has in common.

add_library(devlife_options INTERFACE)
target_include_directories(devlife_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
target_include_directories(devlife_options INTERFACE ${PROJECT_SOURCE_DIR}/checkers)
target_compile_definitions(devlife_options INTERFACE ${LLVM_DEFINITIONS_LIST})
target_compile_options(devlife_options INTERFACE -Wall -Wextra -Wno-unused-parameter -fno-exceptions)
if(DEVLIFE_SANITIZE)
  target_compile_options(devlife_options INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr,function -fno-omit-frame-pointer)
  # The runtime is a shared library, so that the clang-tidy module can have it too.
  execute_process(
    COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.asan-x86_64.so
    OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  get_filename_component(runtime ${runtime} DIRECTORY)
  target_link_options(devlife_options INTERFACE -fsanitize=address,undefined -shared-libasan -Wl,-rpath,${runtime})
endif()

# devlife_library(NAME SOURCES... [DEPENDS LIB...]): a static library of one folder. It links no LLVM itself:
# the symbols come from the executable, or, in the clang-tidy module, from the clang-tidy process.
function(devlife_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC devlife_options ${ARG_DEPENDS})
  if(NOT name STREQUAL devlifePrecompiled)
    target_precompile_headers(${name} REUSE_FROM devlifePrecompiled)
  endif()
endfunction()

# devlife_embed(TARGET VARIABLE FILES...): the files' contents as a table in a generated source of TARGET.
function(devlife_embed target table)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${table}.cpp)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/embed.py ${table} ${generated} ${ARGN}
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/embed.py
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()

# devlife_digest(TARGET FUNCTION FILES...): a generated source of TARGET with a function that returns a digest of the files.
function(devlife_digest target name)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/digest.py ${name} ${generated} ${ARGN}
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/digest.py
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
