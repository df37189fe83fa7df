package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels become one function, and that each call of it gets its own memory. */
class KernelSharingTest {

    private static final Pattern CALL = Pattern.compile("(?m)^ +(\\w+)\\(call\\.pool, ([^)]*)\\);");

    @TempDir
    private Path directory;

    // ---- what is shared

    @Test
    @Tag("javac")
    void equalLayersAreOneFunction() {
        GeneratedCode code = generate(layers("layers"));
        assertEquals(List.of("cpp_fused_linear_relu_3"), names(code.kernels()));
        assertEquals(List.of("pack_layers_w0"), names(code.packing()));
        assertEquals(List.of(
                "pack_layers_w0 layers_w0 layers_w0_packed", "pack_layers_w0 layers_w2 layers_w2_packed", "pack_layers_w0 layers_w4 layers_w4_packed",
                "cpp_fused_linear_relu_3 in0 layers_w0_packed layers_w1 relu_0 n_dim", "cpp_fused_linear_relu_3 relu_0 layers_w2_packed layers_w3 relu_1 n_dim",
                "cpp_fused_linear_relu_3 relu_1 layers_w4_packed layers_w5 out0 n_dim"), calls(code));
    }

    @Test
    @Tag("javac")
    void entriesShareFunctions() {
        GraphCase scaled = GraphCase.of("scaled", "f32[rows, 8]", x -> x.get(0).mul(2)).dim("rows", 3);
        GraphCase both = GraphCase.of("both", "f32[n, 8], f32[n, 8]", x -> x.get(0).mul(2).sum(0).add(x.get(1))).dim("n", 3);
        GeneratedCode code = generate(scaled, GraphCase.of("again", "f32[n, 8]", x -> x.get(0).mul(2)).dim("n", 3), both);
        assertEquals(List.of("cpp_fused_mul_0", "cpp_fused_mul_sum_2", "cpp_fused_add_3"), names(code.kernels()));
        assertEquals(List.of("cpp_fused_mul_0 in0 out0 rows", "cpp_fused_mul_0 in0 out0 n_dim", "cpp_fused_mul_sum_2 in0 sum_0 n_dim",
                "cpp_fused_add_3 sum_0 in1 out0 n_dim"), calls(code));
    }

    @Test
    @Tag("javac")
    void theCommentNamesAllPlaces() {
        int first = line() + 2;
        GeneratedCode code = generate(
                GraphCase.of("a", "f32[n]", x -> x.get(0).exp()).dim("n", 3),
                GraphCase.of("b", "f32[n]", x -> x.get(0).exp()).dim("n", 3),
                twice("c"), twice("d"));
        assertEquals(1, code.kernels().size());
        int last = Integer.parseInt(code.kernels().getFirst().text().replaceAll("(?s).*java:(\\d+);.*", "$1"));
        String text = code.kernels().getFirst().text();
        assertEquals(List.of("// exp at KernelSharingTest.java:" + first,
                "// also at KernelSharingTest.java:%d, KernelSharingTest.java:%d; called in 4 places; parameters are named for the first"
                        .formatted(first + 1, last)),
                text.lines().limit(2).toList());
        assertTrue(text.lines().toList().get(2).startsWith("void cpp_fused_exp_0("), text);
    }

    private static int line() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    private static GraphCase twice(String name) {
        return GraphCase.of(name, "f32[n]", x -> x.get(0).exp()).dim("n", 3);
    }

    // ---- what is not

    @Test
    @Tag("javac")
    void anotherConstantIsAnotherFunction() {
        assertDistinct(GraphCase.of("two", "f32[n]", x -> x.get(0).mul(2)).dim("n", 3),
                GraphCase.of("three", "f32[n]", x -> x.get(0).mul(3)).dim("n", 3));
    }

    @Test
    @Tag("javac")
    void anotherTypeIsAnotherFunction() {
        assertDistinct(GraphCase.of("single", "f32[n]", x -> x.get(0).abs()).dim("n", 3),
                GraphCase.of("twofold", "f64[n]", x -> x.get(0).abs()).dim("n", 3),
                GraphCase.of("result", "f32[n]", x -> x.get(0).abs().to(DType.F64)).dim("n", 3));
    }

    @Test
    @Tag("javac")
    void anotherStrideIsAnotherFunction() {
        assertDistinct(GraphCase.of("rows", "f32[6, 8]", x -> x.get(0).exp()),
                GraphCase.of("columns", "f32[6, 8]", x -> x.get(0).transpose(0, 1).exp()),
                GraphCase.of("part", "f32[6, 9]", x -> x.get(0).slice(1, 0, 8).exp()));
    }

    /** What is declared {@code __restrict} must not be given twice. */
    @Test
    @Tag("javac")
    void oneBufferTwiceIsAnotherFunctionThanTwoBuffers() {
        GeneratedCode code = generate(
                GraphCase.of("two", "f32[n], f32[n]", x -> x.get(0).mul(x.get(1))).dim("n", 3),
                GraphCase.of("one", "f32[n], f32[n]", x -> x.get(0).mul(x.get(0))).dim("n", 3),
                GraphCase.of("square", "f32[n]", x -> x.get(0).mul(x.get(0))).dim("n", 3));
        assertEquals(List.of("cpp_fused_mul_0 in0 in1 out0 n_dim", "cpp_fused_mul_1 in0 out0 n_dim", "cpp_fused_mul_1 in0 out0 n_dim"), calls(code));
    }

    // ---- what comes of it

    @Test
    @Tag("native")
    void sharedFunctionsComputeWithTheMemoryOfEachCall() {
        Batch batch = new Batch("io.toroid.test.Layers", List.of(layers("layers"), norms("norms"), layers("others")));
        GeneratedCode code = Pipeline.generate(batch.model(), new VerifyingObserver());
        assertEquals(4, code.kernels().size(), () -> names(code.kernels()).toString());
        assertEquals(2, code.kernels().getLast().text().split("_row\\[").length - 1, code.kernels().getLast().text());
        for (String call : calls(code)) {
            List<String> words = List.of(call.split(" "));
            assertEquals(words.size(), new HashSet<>(words).size(), call);
        }
        try (NativeModel model = NativeModel.of(batch, directory, /* threads= */ 2)) {
            for (int entry = 0; entry < 3; entry++) {
                for (Map<String, Long> sizes : batch.cases().get(entry).runs()) {
                    CompiledEqualsEagerTest.check(batch, model, entry, sizes);
                }
            }
        }
    }

    /** Three linear layers of one shape, each with weights of its own. */
    private static GraphCase layers(String name) {
        return GraphCase.of(name, "f32[n, 16]", x -> {
            Tensor hidden = x.get(0);
            for (int layer = 0; layer < 3; layer++) {
                hidden = hidden.linear(x.weight("f32[16, 16]"), x.weight("f32[16]")).relu();
            }
            return hidden;
        }).dim("n", 1, 5, 33).slack(4);
    }

    /** Each layer keeps two rows on its stack, of which one layer's are called exp_9 and exp_10. */
    private static GraphCase norms(String name) {
        return GraphCase.of(name, "f32[n, 24]", x -> {
            Tensor hidden = x.get(0).exp();
            for (int layer = 0; layer < 6; layer++) {
                Tensor once = hidden.softmax(-1).mul(x.weight("f32[24]")).exp();
                hidden = once.div(once.sum(-1, /* keepDims= */ true)).linear(x.weight("f32[24, 24]"));
            }
            return hidden;
        }).dim("n", 1, 5).slack(50);
    }

    private static void assertDistinct(GraphCase... cases) {
        assertEquals(cases.length, generate(cases).kernels().size());
    }

    private static GeneratedCode generate(GraphCase... cases) {
        return Pipeline.generate(new Batch("io.toroid.test.Sharing", List.of(cases)).model(), new VerifyingObserver());
    }

    private static List<String> names(List<KernelSource> kernels) {
        return kernels.stream().map(KernelSource::name).toList();
    }

    /** The wrapper's calls of kernels: function, then arguments after the pool; those of folding first. */
    private static List<String> calls(GeneratedCode code) {
        String wrapper = code.wrapper();
        int fold = wrapper.indexOf("bool fold(");
        String sorted = fold < 0 ? wrapper : wrapper.substring(fold) + wrapper.substring(0, fold);
        return CALL.matcher(sorted).results().map(KernelSharingTest::call).toList();
    }

    private static String call(MatchResult call) {
        return call.group(1) + " " + String.join(" ", Arrays.asList(call.group(2).split(", ")));
    }
}
