package io.toroid.processor.toolchain;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags of every compile and link. Floating point is exact as PyTorch's is: no contraction, no fast-math; only {@code
 * errno} and traps, which nobody reads, are given up. Integers wrap around as they do in PyTorch. Sections and hidden symbols let the linker drop what a model does not
 * use. Nothing of libstdc++ is called, so the linker leaves it out; its static archive, which some distributions do not install with
 * the compiler, is not asked for. Paths in objects are relative, so that two builds give the same bytes.
 */
final class BuildFlags {
    private static final List<String> COMPILE = List.of("-std=c++20", "-fPIC", "-fno-exceptions", "-fno-rtti", "-ffp-contract=off",
            "-fno-math-errno", "-fno-trapping-math", "-fwrapv", "-fvisibility=hidden", "-fvisibility-inlines-hidden", "-ffunction-sections",
            "-fdata-sections", "-fno-asynchronous-unwind-tables", "-pthread");
    private static final List<String> LINK = List.of("-shared", "-pthread", "-static-libgcc", "-Wl,-Bsymbolic",
            "-Wl,--gc-sections", "-Wl,--no-undefined", "-Wl,--as-needed", "-Wl,--build-id=sha1",
            "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack");

    private BuildFlags() {
    }

    static List<String> compile(Isa isa, boolean isHot) {
        List<String> flags = new ArrayList<>(COMPILE);
        flags.add(isHot ? "-O3" : "-O2");
        flags.addAll(isa.flags());
        return flags;
    }

    static List<String> link() {
        return LINK;
    }
}
