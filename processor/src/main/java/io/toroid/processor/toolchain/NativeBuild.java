package io.toroid.processor.toolchain;

import io.toroid.runtime.CpuFeatures;
import io.toroid.runtime.NativeHeaders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes shared libraries of C++ sources: what the cache has is taken from there, the rest is compiled by several processes
 * at once and linked.
 *
 * <p>An object's key is the hash of its source, of every Toroid header that it includes, of the flags, and of the compiler's
 * identity; a library's key is that of its objects and of the link. So an unchanged model starts no process at all, and an
 * edited operator compiles the translation units that it touches. Identical inputs give identical bytes.
 */
public final class NativeBuild {
    private static final int SHOWN_LINES = 40;
    /** What compilers and linkers say when it is the machine that fails, and not our code. */
    private static final Pattern OUT_OF_RESOURCES =
            Pattern.compile("No space left on device|Disk quota exceeded|Killed|[Cc]annot allocate memory|[Oo]ut of memory|memory exhausted");

    private final CppCompiler compiler;
    private final ArtifactCache cache;
    private final int jobs;
    private final Path temporary;
    private final List<String> flags;
    private final AtomicInteger compiled = new AtomicInteger();
    private final AtomicInteger reusedObjects = new AtomicInteger();
    private final AtomicInteger linked = new AtomicInteger();
    private final AtomicInteger reusedLibraries = new AtomicInteger();

    /** @param jobs how many compilers run at once */
    public NativeBuild(CppCompiler compiler, ArtifactCache cache, int jobs) {
        this(compiler, cache, jobs, List.of());
    }

    /**
     * @param jobs how many compilers run at once
     * @param flags of compiles, after all others: {@code -O1} for a quick build
     */
    public NativeBuild(CppCompiler compiler, ArtifactCache cache, int jobs, List<String> flags) {
        this(compiler, cache, jobs, Path.of(System.getProperty("java.io.tmpdir")), flags);
    }

    NativeBuild(CppCompiler compiler, ArtifactCache cache, int jobs, Path temporary) {
        this(compiler, cache, jobs, temporary, List.of());
    }

    private NativeBuild(CppCompiler compiler, ArtifactCache cache, int jobs, Path temporary, List<String> flags) {
        this.compiler = compiler;
        this.cache = cache;
        this.jobs = jobs;
        this.temporary = temporary;
        this.flags = List.copyOf(flags);
    }

    /** The flags of all compiles for an instruction set, and of the link. */
    public static List<String> flags(Isa isa) {
        List<String> flags = new ArrayList<>(BuildFlags.compile(isa, /* isHot= */ true));
        flags.addAll(BuildFlags.compile(isa, /* isHot= */ false));
        flags.addAll(BuildFlags.link());
        return flags;
    }

    /** What all builds of this object did together. */
    public BuildStatistics statistics() {
        return new BuildStatistics(compiled.get(), reusedObjects.get(), linked.get(), reusedLibraries.get());
    }

    /** The bytes of one library. */
    public byte[] build(LibraryRequest request) throws ToolchainException {
        return buildAll(List.of(request)).getFirst();
    }

    /** The bytes of several libraries, in order; their translation units are compiled together, the longest first. */
    public List<byte[]> buildAll(List<LibraryRequest> requests) throws ToolchainException {
        Map<LibraryRequest, List<Unit>> missing = new LinkedHashMap<>();
        Map<LibraryRequest, byte[]> libraries = new HashMap<>();
        for (LibraryRequest request : requests) {
            List<Unit> units = request.units().stream().map(unit -> unit(unit, request.isa())).toList();
            Optional<byte[]> library = cache.get(libraryKey(request, units));
            library.ifPresentOrElse(bytes -> libraries.put(request, bytes), () -> missing.put(request, units));
        }
        reusedLibraries.addAndGet(libraries.size());
        if (!missing.isEmpty()) {
            libraries.putAll(make(missing));
            cache.trim();
        }
        return requests.stream().map(libraries::get).toList();
    }

    /** A translation unit with all that its object depends on. */
    private record Unit(TranslationUnit source, Isa isa, Map<String, String> headers, String key) {

        /** Characters that the compiler reads; what includes much is what takes long. */
        int length() {
            return source.source().length() + headers.values().stream().mapToInt(String::length).sum();
        }
    }

    private Unit unit(TranslationUnit source, Isa isa) {
        Map<String, String> headers = NativeHeaders.includedBy(source.source());
        List<String> inputs = new ArrayList<>(List.of("object", compiler.identity(), isa.identity(), source.name(), source.source()));
        inputs.addAll(compiler.command().subList(1, compiler.command().size()));
        inputs.addAll(compileFlags(source, isa));
        headers.forEach((name, text) -> {
            inputs.add(name);
            inputs.add(text);
        });
        return new Unit(source, isa, headers, Digest.of(inputs));
    }

    private List<String> compileFlags(TranslationUnit source, Isa isa) {
        List<String> all = new ArrayList<>(BuildFlags.compile(isa, source.isHot()));
        all.addAll(flags);
        return all;
    }

    private String libraryKey(LibraryRequest request, List<Unit> units) {
        List<String> inputs = new ArrayList<>(List.of("library", compiler.identity(), request.versionScript()));
        inputs.addAll(BuildFlags.link());
        request.linkage().stub().ifPresent(stub -> inputs.addAll(List.of(stub.file(), stub.source())));
        units.forEach(unit -> inputs.add(unit.key));
        return Digest.of(inputs);
    }

    private Map<LibraryRequest, byte[]> make(Map<LibraryRequest, List<Unit>> missing) throws ToolchainException {
        try (BuildDirectory directory = BuildDirectory.create(temporary);
                ExecutorService workers = Executors.newFixedThreadPool(jobs, Thread.ofPlatform().daemon().factory())) {
            try {
                for (LibraryRequest request : missing.keySet()) {
                    compiler.requireTarget(request.isa(), CpuFeatures.current().platform());
                }
                List<Unit> distinct = missing.values().stream().flatMap(List::stream).distinct()
                        .sorted(Comparator.comparingInt(Unit::length).reversed()).toList();
                Map<String, byte[]> objects = await(start(workers, distinct, Unit::key, unit -> object(directory, unit)));
                return await(start(workers, List.copyOf(missing.keySet()), request -> request,
                        request -> library(directory, request, missing.get(request), objects)));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ToolchainException.Failed("it was interrupted", interrupted);
            } catch (ToolchainException | RuntimeException failure) {
                workers.shutdownNow();
                throw failure;
            }
        } catch (IOException unusable) {
            throw new ToolchainException.Failed(unusable.toString(), unusable);
        }
    }

    private interface Step<T> {
        byte[] run(T input) throws IOException, InterruptedException, ToolchainException;
    }

    private static <T, K> Map<K, Future<byte[]>> start(ExecutorService workers, List<T> inputs,
            Function<T, K> key, Step<T> step) {
        Map<K, Future<byte[]>> started = new LinkedHashMap<>();
        inputs.forEach(input -> started.put(key.apply(input), workers.submit(() -> step.run(input))));
        return started;
    }

    private static <K> Map<K, byte[]> await(Map<K, Future<byte[]>> started) throws ToolchainException, IOException {
        Map<K, byte[]> results = new HashMap<>();
        for (Map.Entry<K, Future<byte[]>> entry : started.entrySet()) {
            try {
                results.put(entry.getKey(), entry.getValue().get());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ToolchainException.Failed("it was interrupted", interrupted);
            } catch (ExecutionException failed) {
                rethrow(failed.getCause());
            }
        }
        return results;
    }

    private static void rethrow(Throwable cause) throws ToolchainException, IOException {
        switch (cause) {
            case ToolchainException failure -> throw failure;
            case IOException failure -> throw failure;
            case RuntimeException failure -> throw failure;
            default -> throw new ToolchainException.Failed(cause.toString(), cause);
        }
    }

    private byte[] object(BuildDirectory directory, Unit unit) throws IOException, InterruptedException, ToolchainException {
        Optional<byte[]> cached = cache.get(unit.key);
        if (cached.isPresent()) {
            reusedObjects.incrementAndGet();
            return cached.get();
        }
        directory.writeHeaders(unit.headers);
        BuildDirectory.Place place = directory.place(unit.isa.text(), unit.key);
        place.write(unit.source.name() + ".cpp", unit.source.source());
        List<String> arguments = new ArrayList<>(compileFlags(unit.source, unit.isa));
        arguments.addAll(List.of("-I" + place.include(), "-ffile-prefix-map=" + place.include() + "=include",
                "-c", unit.source.name() + ".cpp", "-o", unit.source.name() + ".o"));
        run(place, arguments, unit.source.name() + ".cpp for " + unit.isa);
        compiled.incrementAndGet();
        byte[] object = place.read(unit.source.name() + ".o");
        cache.put(unit.key, object);
        return object;
    }

    private byte[] library(BuildDirectory directory, LibraryRequest request, List<Unit> units, Map<String, byte[]> objects)
            throws IOException, InterruptedException, ToolchainException {
        String key = libraryKey(request, units);
        BuildDirectory.Place place = directory.place(request.isa().text(), key);
        place.write("exports.map", request.versionScript());
        List<String> arguments = new ArrayList<>();
        for (Unit unit : units) {
            place.write(unit.source.name() + ".o", objects.get(unit.key));
            arguments.add(unit.source.name() + ".o");
        }
        arguments.addAll(BuildFlags.link());
        Optional<Linkage.Stub> stub = request.linkage().stub();
        if (stub.isPresent()) {
            place.write("stub.cpp", stub.get().source());
            run(place, stub.get().compile("stub.cpp"), "the stub of " + stub.get().file() + " for " + request.isa());
            arguments.addAll(stub.get().link());
        }
        arguments.addAll(List.of("-Wl,--version-script=exports.map", "-o", "model.so"));
        run(place, arguments, "the library of " + request.name() + " for " + request.isa());
        linked.incrementAndGet();
        byte[] library = place.read("model.so");
        cache.put(key, library);
        return library;
    }

    private void run(BuildDirectory.Place place, List<String> arguments, String what)
            throws IOException, InterruptedException, ToolchainException {
        ProcessResult result = ProcessResult.run(compiler.commandLine(arguments), place.path());
        if (result.exitCode() != 0) {
            Matcher reason = OUT_OF_RESOURCES.matcher(result.output());
            if (reason.find()) {
                throw new ToolchainException.Failed("the C++ compiler said \"%s\" on %s; free memory or disk space, or let fewer compilers run at once by -Atoroid.jobs=1"
                        .formatted(reason.group(), what), null);
            }
            String shown = String.join("\n", result.output().lines().limit(SHOWN_LINES).toList());
            throw new ToolchainException.Rejected(what, result.output(), "the C++ compiler " + compiler.identity() + " ended with code "
                    + result.exitCode() + " on " + what + ":\n" + shown);
        }
    }
}
