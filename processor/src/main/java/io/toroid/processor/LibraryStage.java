package io.toroid.processor;

import io.toroid.Tensor;
import io.toroid.processor.codegen.constants.ConstantSlot;
import io.toroid.op.CustomOperator;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.graph.CustomOperators;
import io.toroid.processor.loop.AuthorsOperators;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.toolchain.ArtifactCache;
import io.toroid.processor.toolchain.CppCompiler;
import io.toroid.processor.toolchain.Isa;
import io.toroid.processor.toolchain.LibraryRequest;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.processor.toolchain.NativeBuild;
import io.toroid.processor.toolchain.ToolchainException;
import io.toroid.runtime.ConstantInfo;
import io.toroid.runtime.CpuFeatures;
import io.toroid.runtime.ModelManifest;
import io.toroid.runtime.NativeHeaders;
import io.toroid.runtime.TensorInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Builds a library for each instruction set, and describes them in the manifest. */
final class LibraryStage {

    private static final String BLOB = "constants.bin";

    private LibraryStage() {
    }

    static CompiledFiles run(GeneratedCode code, CompileOptions options) {
        List<Isa> isas = options.isas().stream().sorted(Comparator.comparing(LibraryStage::rank)).toList();
        return run(code, isas, options.linkage(), () -> new NativeBuild(
                CppCompiler.find(options.compiler(), System.getenv()),
                ArtifactCache.find(options.cache(), System.getenv()), options.jobs()));
    }

    /** Makes the build tool. */
    @FunctionalInterface
    interface Toolchain {
        NativeBuild build() throws ToolchainException;
    }

    /** @param isas the best first */
    static CompiledFiles run(GeneratedCode code, List<Isa> isas, Linkage linkage, Toolchain toolchain) {
        if (isas.isEmpty()) {
            throw new ProblemException(Diagnostic.PLATFORM_UNKNOWN, CpuFeatures.current().platform());
        }
        int entries = linkage == Linkage.LIBTORCH ? code.model().entries().size() : 1;
        List<LibraryRequest> requests = isas.stream()
                .flatMap(isa -> IntStream.range(0, entries).mapToObj(entry -> request(code, isa, linkage, entry))).toList();
        List<byte[]> libraries = build(code, requests, toolchain);
        String directory = ModelManifest.directory(code.model().className());
        Map<String, byte[]> resources = new LinkedHashMap<>();
        List<ModelManifest.Variant> variants = new ArrayList<>();
        for (int i = 0; i < isas.size(); i++) {
            Isa isa = isas.get(i);
            String file = isa.text() + ".so";
            List<byte[]> own = libraries.subList(i * entries, (i + 1) * entries);
            resources.put(directory + file, own.getFirst());
            if (linkage == Linkage.LIBTORCH) {
                resources.put(directory + isa.text() + Pt2Archive.SUFFIX,
                        Pt2Archive.of(isa.text(), code.model().entries().stream().map(TracedEntry::name).toList(), own, code.blob()));
            }
            variants.add(new ModelManifest.Variant(
                    isa.text(), isa.platform(), isa.requiredCpuFlags(), file(file, own.getFirst())));
        }
        Optional<ModelManifest.FileInfo> blob = Optional.empty();
        if (code.blob().length > 0) {
            resources.put(directory + BLOB, code.blob());
            blob = Optional.of(ModelManifest.FileInfo.of(BLOB, code.blobHash(), code.blob()));
        }
        ModelManifest manifest = new ModelManifest(
                code.model().className(), Pipeline.VERSION, ModelManifest.ABI, variants, blob,
                code.constants().stored().stream().map(LibraryStage::constant).toList(),
                code.model().entries().stream().map(LibraryStage::entry).toList());
        resources.put(directory + "manifest.properties", manifest.text().getBytes(StandardCharsets.UTF_8));
        Map<String, String> sources = new LinkedHashMap<>();
        code.sources().forEach((name, text) -> sources.put("toroid/" + code.model().className() + "/" + name + ".cpp", text));
        return CompiledFiles.of(resources, sources);
    }

    private static LibraryRequest request(GeneratedCode code, Isa isa, Linkage linkage, int entry) {
        return new LibraryRequest(
                code.model().className(), isa, code.units(isa.text(), linkage, entry), NativeHeaders.exports(code.exports()), linkage);
    }

    /** The manifest lists the best first: what runs on fewer machines is the better. */
    private static int rank(Isa isa) {
        return switch (isa) {
            case NATIVE -> 0;
            case X86_64_V4 -> 1;
            case X86_64_V3, AARCH64 -> 2;
        };
    }

    private static List<byte[]> build(GeneratedCode code, List<LibraryRequest> requests, Toolchain toolchain) {
        try {
            return toolchain.build().buildAll(requests);
        } catch (ToolchainException e) {
            throw switch (e) {
                case ToolchainException.NoCompiler missing ->
                    new ProblemException(Diagnostic.NATIVE_COMPILER_MISSING, missing.getMessage());
                case ToolchainException.Failed failed ->
                    new ProblemException(Diagnostic.NATIVE_BUILD_FAILED, failed.getMessage());
                case ToolchainException.Rejected rejected -> rejected(code, rejected);
            };
        }
    }

    /** The author's C++ if the compiler's first error is there; else ours, which is a bug. */
    private static RuntimeException rejected(GeneratedCode code, ToolchainException.Rejected rejected) {
        Optional<String> error = rejected.output().lines().filter(line -> line.contains("error:")).findFirst();
        for (CustomOperator operator : CustomOperators.of(code.model())) {
            String place = AuthorsOperators.place(operator.operator());
            if (error.filter(line -> line.startsWith(place + ":") || line.startsWith(place + ", declarations:")).isPresent()) {
                return new ProblemException(Diagnostic.OPERATOR_CPP, place, error.get().substring(place.length() + 1).strip());
            }
        }
        return new IllegalStateException(rejected.getMessage(), rejected);
    }

    private static ModelManifest.FileInfo file(String name, byte[] bytes) {
        return ModelManifest.FileInfo.of(name, Hashes.sha256(bytes), bytes);
    }

    private static ConstantInfo constant(ConstantSlot slot) {
        return new ConstantInfo(slot.name(), slot.kind(), slot.dtype(),
                Arrays.stream(slot.sizes()).boxed().toList(), slot.offset(), slot.bytes(), /* embedded= */ false);
    }

    private static ModelManifest.EntryInfo entry(TracedEntry entry) {
        List<String> names = entry.descriptor().inputs().stream().map(input -> input.name()).toList();
        return new ModelManifest.EntryInfo(
                entry.name(), tensors(names, entry.inputs(), entry.updates().keySet()), tensors(entry.outputNames(), entry.outputs(), Set.of()));
    }

    private static List<TensorInfo> tensors(List<String> names, List<Tensor> tensors, Set<Tensor> updated) {
        List<TensorInfo> infos = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            infos.add(new TensorInfo(names.get(i), tensors.get(i).dtype(),
                    tensors.get(i).shape().sizes().stream().map(Object::toString).toList(), updated.contains(tensors.get(i))));
        }
        return infos;
    }
}
