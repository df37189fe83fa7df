// The entries of a std::unordered_map<std::string, AtenTensorHandle> of the caller's.
//
// Going over such a map needs C++'s headers, but nothing of its library, which a standalone library does not link: all of it is inline.
// Adding to it needs the library, which is there wherever PyTorch is.
#pragma once

#include <toroid/abi.h>

#ifndef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE 0  // or the compiler would call the library where it does not inline
#endif
#include <string>
#include <unordered_map>

namespace toroid {

using ConstantMap = std::unordered_map<std::string, AtenTensorHandle>;

inline size_t map_size(AOTInductorConstantMapHandle map) { return reinterpret_cast<const ConstantMap*>(map)->size(); }

inline void map_entries(AOTInductorConstantMapHandle map, AOTInductorConstantMapEntry* entries) {
  for (const auto& [name, handle] : *reinterpret_cast<const ConstantMap*>(map)) *entries++ = {name.data(), handle};
}

#if defined(TOROID_LIBTORCH)
inline void put_into_map(AOTInductorConstantMapHandle map, const char* name, AtenTensorHandle handle) {
  (*reinterpret_cast<ConstantMap*>(map))[name] = handle;
}
#endif

}  // namespace toroid
