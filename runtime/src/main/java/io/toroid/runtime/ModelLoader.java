package io.toroid.runtime;

import io.toroid.runtime.ModelManifest.FileInfo;
import io.toroid.runtime.ModelManifest.Variant;
import io.toroid.runtime.ffi.ModelLibrary;
import io.toroid.runtime.ffi.NativeException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings a model from its resources to a container that is ready to run: manifest, the variant for this CPU, files, library, thread
 * pool, constants. Whatever fails leaves nothing behind.
 */
final class ModelLoader {
    /** What a loaded model consists of; closing it gives all back, in the reverse order of making. */
    record Loaded(
            ModelManifest manifest, Variant variant, ModelLibrary library, ThreadPool pool, long container, ModelConstants constants)
            implements AutoCloseable {
        @Override
        public void close() {
            library.deleteContainer(container);
            constants.close();
            pool.close();
            library.close();
        }
    }

    private record Container(ModelLibrary library, long address) implements AutoCloseable {
        @Override
        public void close() {
            library.deleteContainer(address);
        }
    }

    private final Function<String, URL> resources;
    private final String model;
    private final LoadOptions options;
    private final LibraryCache cache;

    /** {@code resources} finds a resource by its absolute name without a leading slash; null if there is none. */
    ModelLoader(Function<String, URL> resources, String model, LoadOptions options) {
        this.resources = resources;
        this.model = model;
        this.options = options;
        this.cache = LibraryCache.of(options.libraryDirectory(), options.fullVerification());
    }

    Loaded load(CpuFeatures cpu) {
        ModelManifest manifest = manifest();
        Variant variant = choose(manifest, cpu);
        Path libraryFile = file(variant.library());
        Optional<Path> blob = manifest.blob().isPresent() ? Optional.of(file(manifest.blob().get())) : Optional.empty();
        try {
            return load(manifest, variant, libraryFile, blob);
        } catch (NativeException e) {
            throw new ToroidException(e.getMessage(), e);
        }
    }

    /** Each step's result is closed if a later one fails. */
    private Loaded load(ModelManifest manifest, Variant variant, Path libraryFile, Optional<Path> blob) {
        try (Undo undo = new Undo()) {
            ModelLibrary library = undo.add(ModelLibrary.open(libraryFile));
            requireSame(manifest, variant, library);
            ThreadPool pool = undo.add(ThreadPool.acquire(options.threads(), libraryFile));
            long container = library.createContainer(options.instances(), pool.address());
            undo.add(new Container(library, container));
            ModelConstants constants =
                    undo.add(ModelConstants.load(manifest, blob, options.weights(), library, container));
            undo.keep();
            return new Loaded(manifest, variant, library, pool, container, constants);
        }
    }

    private ModelManifest manifest() {
        String name = ModelManifest.resource(model);
        URL resource = resources.apply(name);
        if (resource == null) {
            throw new ToroidException(("the resource %s is missing: the model was not compiled, or the jar left its resources out."
                    + " Run the build with Toroid's annotation processor.").formatted(name));
        }
        ModelManifest manifest;
        try (Reader reader = new InputStreamReader(resource.openStream(), StandardCharsets.UTF_8)) {
            manifest = ModelManifest.read(reader, resource.toString());
        } catch (IOException e) {
            throw new ToroidException("%s cannot be read: %s".formatted(resource, e), e);
        }
        if (manifest.abi() != ModelManifest.ABI) {
            throw new ToroidException(
                    "%s was compiled by Toroid %s for version %d of the native interface, and this runtime has version %d: use the same version of Toroid's runtime and processor"
                            .formatted(model, manifest.toroid(), manifest.abi(), ModelManifest.ABI));
        }
        if (!manifest.model().equals(model)) {
            throw new ToroidException("%s describes the model %s instead of %s".formatted(resource, manifest.model(), model));
        }
        return manifest;
    }

    private Path file(FileInfo file) {
        String name = ModelManifest.directory(model) + file.file();
        URL resource = resources.apply(name);
        if (resource == null) {
            throw new ToroidException("the resource %s is missing: the build is incomplete, or the jar left it out".formatted(name));
        }
        return cache.file(resource, file);
    }

    /** The first variant that the CPU runs, or the one that was asked for if the CPU runs that. */
    private Variant choose(ModelManifest manifest, CpuFeatures cpu) {
        List<Variant> candidates = new ArrayList<>();
        for (Variant variant : manifest.variants()) {
            if (options.isa().isEmpty() || options.isa().get().equals(variant.isa())) {
                candidates.add(variant);
            }
        }
        if (candidates.isEmpty()) {
            String available = manifest.variants().stream().map(Variant::isa).collect(Collectors.joining(", "));
            throw new ToroidException("%s was not compiled for %s; it has %s"
                    .formatted(model, options.isa().orElse("any instruction set"), available.isEmpty() ? "no variant" : available));
        }
        List<String> refusals = new ArrayList<>();
        for (Variant variant : candidates) {
            Optional<String> refusal = refusal(variant, cpu);
            if (refusal.isEmpty()) {
                return variant;
            }
            refusals.add(refusal.get());
        }
        throw new ToroidException("%s cannot run on this machine (%s, %s):\n  %s\nCompile the model for a variant that this machine has."
                .formatted(model, cpu.platform(), cpu.cpu(), String.join("\n  ", refusals)));
    }

    private static Optional<String> refusal(Variant variant, CpuFeatures cpu) {
        if (!variant.platform().equals(cpu.platform())) {
            return Optional.of("the variant %s is for %s".formatted(variant.isa(), variant.platform()));
        }
        List<String> missing = cpu.missing(variant.flags());
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("the variant %s needs CPU features that are missing: %s".formatted(variant.isa(), String.join(", ", missing)));
    }

    /** The library is the one that the manifest speaks of. */
    private void requireSame(ModelManifest manifest, Variant variant, ModelLibrary library) {
        if (library.abiVersion() != manifest.abi()) {
            throw new ToroidException("%s has version %d of the native interface, and its manifest states %d: compile the model again"
                    .formatted(library.file(), library.abiVersion(), manifest.abi()));
        }
        String name = library.modelName();
        boolean sameName = model.equals(name) || model.endsWith("." + name) || model.endsWith("$" + name);
        if (!sameName || !library.isa().equals(variant.isa())) {
            throw new ToroidException("%s is the library of %s for %s, and its manifest states %s for %s: compile the model again"
                    .formatted(library.file(), name, library.isa(), model, variant.isa()));
        }
    }
}
