package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Why a library does not load. The JVM says only that it does not; the dynamic linker knows the reason, and the usual ones have a
 * usual remedy.
 */
@SuppressWarnings("restricted")
final class LoadFailure {
    private static final int RTLD_NOW = 2;

    private LoadFailure() {}

    static String explain(Path file) {
        String reason = linkerMessage(file);
        return "the library %s cannot be loaded: %s%s".formatted(file, reason, remedy(file, reason));
    }

    private static String remedy(Path file, String reason) {
        if (onNoexecMount(file)) {
            return "\nIts file system is mounted noexec. Choose another directory for libraries with the system property toroid.library.dir"
                    + " or with LoadOptions.withLibraryDirectory.";
        }
        if (reason.contains("libtorch_cpu.so")) {
            return "\nIt was compiled with -Atoroid.linkage=libtorch and runs where PyTorch is. Load PyTorch first, as by Loader.load(torch.class) of"
                    + " org.bytedeco:pytorch, or compile the model without that option.";
        }
        if (reason.contains("undefined symbol: torch_") || reason.contains("undefined symbol: aoti_torch_")) {
            return "\nIt was compiled with -Atoroid.linkage=libtorch, and the PyTorch of this process is older than 2.13. Load a newer one.";
        }
        if (reason.contains("GLIBC_")) {
            return "\nIt was compiled against a newer glibc than this system has. Compile the model on a system as old as the oldest one it runs on.";
        }
        if (Files.exists(Path.of("/lib/ld-musl-x86_64.so.1")) || Files.exists(Path.of("/lib/ld-musl-aarch64.so.1"))) {
            return "\nThis system's C library is musl, and the model was probably compiled against glibc. Compile it on such a system, or use"
                    + " an image with glibc.";
        }
        return "";
    }

    /** dlopen once more, for the sake of dlerror. */
    private static String linkerMessage(Path file) {
        Linker linker = Linker.nativeLinker();
        var dlopen = linker.defaultLookup().find("dlopen");
        var dlerror = linker.defaultLookup().find("dlerror");
        if (dlopen.isEmpty() || dlerror.isEmpty()) {
            return "the dynamic linker gives no reason";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) linker
                    .downcallHandle(dlopen.get(), FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT))
                    .invokeExact(arena.allocateFrom(file.toString()), RTLD_NOW);
            MemorySegment message = (MemorySegment) linker.downcallHandle(dlerror.get(), FunctionDescriptor.of(ADDRESS)).invokeExact();
            boolean silent = handle.address() != 0 || message.address() == 0;
            return silent ? "the dynamic linker gives no reason" : message.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new NativeException("dlopen cannot be called", e);
        }
    }

    private static boolean onNoexecMount(Path file) {
        try {
            return isNoexec(Files.readAllLines(Path.of("/proc/self/mounts")), file.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** Lines of {@code /proc/mounts}: device, mount point, type, options. The deepest mount point above the file counts, the latest of equals. */
    static boolean isNoexec(List<String> mounts, Path file) {
        return mounts.stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length >= 4 && file.startsWith(Path.of(fields[1].replace("\\040", " "))))
                .reduce((a, b) -> b[1].length() >= a[1].length() ? b : a)
                .map(fields -> List.of(fields[3].split(",")).contains("noexec"))
                .orElse(false);
    }
}
