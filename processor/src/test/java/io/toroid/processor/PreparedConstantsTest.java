package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Parameter;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.processor.codegen.constants.ConstantSlot;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.graph.Graph;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.shape.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the blob holds; and that constants computed while compiling are those that the library computes for given weights. */
class PreparedConstantsTest {

    private static final LoadOptions OPTIONS = LoadOptions.defaults().withThreads(2).withInstances(1);

    @TempDir
    private Path directory;

    private static final GraphCase LINEAR = GraphCase.of("linear", "f32[n, 24]",
            x -> x.get(0).linear(x.weight("f32[37, 24]"), x.weight("f32[37]"))).dim("n", 1, 5, 40).slack(4);
    /** Gathered from and multiplied with. */
    private static final GraphCase TIED = GraphCase.of("tied", "f32[n, 8]", x -> {
        Tensor weight = x.weight("f32[20, 8]");
        return x.get(0).add(weight.select(0, 3)).linear(weight);
    }).dim("n", 1, 5).slack(4);
    private static final GraphCase SUM = GraphCase.of("sum", "f32[n, 8]",
            x -> x.get(0).linear(x.weight("f32[20, 8]").add(x.weight("f32[20, 8]").mul(2))).add(x.weight("f32[20]").neg())).dim("n", 1, 5).slack(4);
    private static final GraphCase CONVOLUTION = GraphCase.of("convolution", "f32[n, 3, 6, 6]",
            x -> x.get(0).conv2d(x.weight("f32[18, 3, 3, 3]").mul(2), x.weight("f32[18]"), Convolution.DEFAULT)).dim("n", 1, 2).slack(8);

    @Test
    @Tag("javac")
    void theBlobHoldsWhatIsReadAndNotWhatThatIsMadeOf() {
        GeneratedCode code = generate(LINEAR, TIED);
        assertEquals(Map.of(
                "linear.w0", -1L, "linear.w1", 0L, "tied.w0", 192L,
                "_folded.linear_w0_packed", 832L, "_folded.tied_w0_packed", 832L + 3 * 16 * 24 * 4), offsets(code));
        assertEquals(832 + 3 * 16 * 24 * 4 + 2 * 16 * 8 * 4 + 64, code.blob().length);
    }

    @Test
    @Tag("javac")
    void whatHasToBePackedAtLoadKeepsWhatItIsMadeOf() {
        GeneratedCode code = generate(LINEAR, CONVOLUTION);
        Map<String, Long> offsets = offsets(code);
        assertEquals(-1, offsets.get("linear.w0"));
        assertTrue(offsets.get("convolution.w0") >= 0, offsets.toString());
        assertEquals(-1, offsets.get("_folded.folded_convolution_w0_packed"), offsets.toString());
        List<String> names = code.constants().slots().stream().map(ConstantSlot::name).toList();
        assertTrue(code.wrapper().contains("if (call.folds(%d)) {\n    pack_linear_w0(".formatted(names.indexOf("_folded.linear_w0_packed"))),
                code.wrapper());
    }

    @Test
    @Tag("javac")
    void constantsThatAreTooLargeForOneBlobAreRefused() {
        Parameter table = new Parameter(Parameter.Kind.PARAMETER, new TensorType(DType.F32, Shape.of(700_000, 1024)));
        Tensor words = Tensor.placeholder("words", new TensorType(DType.I64, Shape.of(3)));
        SequencedMap<String, Parameter> parameters = new LinkedHashMap<>(Map.of("table", table));
        Graph graph = new Graph("look", List.of(words), List.of(words.embedding(Tensor.leaf(table))), parameters);
        ProblemException refused = assertThrows(ProblemException.class, () -> Pipeline.generate(GraphModel.of(graph)));
        assertEquals("[TOROID-504] the model's constants take 2735 MiB, and there is room for 2047; store weights as f16 or bf16, or make several "
                + "models of it", refused.problems().getFirst().message());
    }

    /** Models of one architecture with other weights have blobs whose last bytes differ. */
    @Test
    @Tag("javac")
    void theBlobEndsWithItsIdentity() throws Exception {
        byte[] blob = generate(LINEAR).blob();
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(java.util.Arrays.copyOf(blob, blob.length - 64));
        assertEquals(List.of(), List.of(java.util.Arrays.mismatch(blob, blob.length - 64, blob.length - 32, hash, 0, 32)).stream()
                .filter(place -> place >= 0).toList());
    }

    private static GeneratedCode generate(GraphCase... cases) {
        return Pipeline.generate(new Batch("io.toroid.test.Prepared", List.of(cases)).model(), new VerifyingObserver());
    }

    private static Map<String, Long> offsets(GeneratedCode code) {
        Map<String, Long> offsets = new TreeMap<>();
        code.constants().slots().forEach((ConstantSlot slot) -> offsets.put(slot.name(), slot.offset()));
        return offsets;
    }

    @Test
    @Tag("native")
    void givenWeightsAreFoldedToTheSame() throws IOException {
        Batch batch = new Batch("io.toroid.test.Prepared", List.of(
                LINEAR, TIED, SUM, CONVOLUTION,
                GraphCase.of("wide", "f64[n, 5]", x -> x.get(0).linear(x.weight("f64[11, 5]"))).dim("n", 1, 7),
                GraphCase.of("rows", "f32[n, 9]", x -> x.get(0).matmul(x.weight("f32[9, 33]"))).dim("n", 1, 7).slack(4),
                GraphCase.of("batched", "f32[3, n, 9]", x -> x.get(0).matmul(x.weight("f32[3, 9, 18]"))).dim("n", 1, 7).slack(4),
                GraphCase.of("part", "f32[n, 9]", x -> x.get(0).matmul(x.weight("f32[9, 40]").slice(1, 3, 37))).dim("n", 1, 7).slack(4)));
        Path weights = directory.resolve("weights.safetensors");
        try (WeightSource source = batch.model().weights()) {
            SafetensorsWriter.write(weights, source.names().stream().map(source::get).toList());
        }
        try (NativeModel own = NativeModel.of(batch, directory.resolve("own"), OPTIONS);
                NativeModel given = NativeModel.of(batch, directory.resolve("given"), OPTIONS.withWeights(weights));
                NativeModel atLoad = NativeModel.of(foldingAtLoad(batch), directory.resolve("load"), OPTIONS)) {
            for (int entry = 0; entry < batch.cases().size(); entry++) {
                for (Map<String, Long> sizes : batch.cases().get(entry).runs()) {
                    CompiledEqualsEagerTest.check(batch, own, entry, sizes);
                    CompiledEqualsEagerTest.check(batch, given, entry, sizes);
                    List<TensorData> inputs = batch.inputs(entry, sizes);
                    assertEquals(own.run(entry, inputs), given.run(entry, inputs), batch.cases().get(entry).name());
                    assertEquals(own.run(entry, inputs), atLoad.run(entry, inputs), batch.cases().get(entry).name());
                }
            }
            try (NativeTensor weight = own.constant("tied.w0"); NativeTensor summand = atLoad.constant("sum.w0")) {
                assertEquals(List.of(20L, 8L), Arrays.stream(weight.shape()).boxed().toList());
                atLoad.swapWeights(Map.of("sum.w0", summand));
                assertThrows(ToroidException.class, () -> own.swapWeights(Map.of("sum.w0", summand)));
            }
        }
    }

    private static GeneratedCode foldingAtLoad(Batch batch) {
        return Pipeline.generate(batch.model(), CompileOptions.parse(Map.of("toroid.fold", "load")));
    }

    @Test
    @Tag("javac")
    void foldedAtLoadTheBlobHoldsTheWeights() {
        Map<String, Long> offsets = offsets(foldingAtLoad(new Batch("io.toroid.test.Prepared", List.of(LINEAR, SUM))));
        offsets.forEach((name, offset) -> assertEquals(name.startsWith("_folded"), offset < 0, offsets.toString()));
    }
}
