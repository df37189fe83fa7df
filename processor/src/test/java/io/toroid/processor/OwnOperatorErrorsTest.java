package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Arguments;
import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.op.TorchOperator;
import io.toroid.shape.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with an operator of an author's own that only shows after tracing, or before it. */
@Tag("native")
class OwnOperatorErrorsTest {

    @TempDir
    private Path directory;

    private String errors(String operator, String make) {
        return texts(compile(operator, make));
    }

    private static String texts(JavacHarness.Outcome outcome) {
        return String.join("\n", outcome.errors().stream().map(JavacHarness.Message::text).toList());
    }

    private JavacHarness.Outcome compile(String operator, String make) {
        return new JavacHarness(directory).option("-Atoroid.isa=native").source("a/M.java", """
                package a;
                import io.toroid.*;
                import io.toroid.op.*;
                import java.util.*;
                @Model
                public class M {
                    %s
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tensor x) {
                        return %s.call(x.exp());
                    }
                }
                """.formatted(operator, make)).compile(new ModelProcessor());
    }

    private static String operator(String modifiers, String cpp) {
        return """
                %s class Twice extends CustomOperator {
                    public Twice() { super("own::twice(Tensor x) -> Tensor"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(arguments.tensor("x").type()); }
                    protected List<TensorData> compute(Arguments arguments) { return List.of(arguments.tensor("x").data()); }
                    %s
                }
                """.formatted(modifiers, cpp);
    }

    @Test
    void aMistakeInTheCppIsTheAuthors() {
        String cpp = "public Optional<CppSource> cpp() { return Optional.of(CppSource.of(\"// twice\\nfor (int64_t i = 0; i < x.numel; i++)\\n  result[i] = 2 * y[i];\")); }";
        assertEquals("[TOROID-505] the C++ of the operator own::twice does not compile: 3:19: error: 'y' was not declared in this scope; "
                + "lines are counted from the first of its text", errors(operator("public static", cpp), "new Twice()").replace("‘", "'").replace("’", "'"));
    }

    @Test
    void theFacadeMustBeAbleToMakeOneInJava() {
        assertEquals("[TOROID-506] the operator own::twice, which computes in Java, is of class a.M$Twice, of which the façade cannot make one of its own: "
                + "it is an inner class; make it a public class, if it is nested a static one, with a public constructor without parameters",
                errors(operator("public", ""), "new Twice()"));
        assertEquals("[TOROID-506] the operator own::twice, which computes in Java, is of class a.M$Twice, of which the façade cannot make one of its own: "
                + "it is not public; make it a public class, if it is nested a static one, with a public constructor without parameters",
                errors(operator("private static", ""), "new Twice()"));
    }

    private static final class Any extends CustomOperator {
        Any(String schema) {
            super(schema);
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of();
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            return List.of();
        }
    }

    private static String refused(String schema) {
        return assertThrows(IllegalArgumentException.class, () -> new Any(schema)).getMessage();
    }

    @Test
    void schemasThatCannotBeAreRefused() {
        assertEquals("the namespace of aten::relu(Tensor x) -> Tensor is taken: use one of your own", refused("aten::relu(Tensor x) -> Tensor"));
        assertEquals("the parameter how of to has the type Layout, which operators of an author's own cannot have; these are "
                + "[Device, Scalar, ScalarType, SymInt, SymInt[], Tensor, Tensor?[], Tensor[], bool, bool[], float, float[], int, int[], str]",
                refused("own::to(Tensor x, Layout how) -> Tensor"));
        assertEquals("the parameter xs of add has the type Tensor(a!)[], and only a single Tensor can be written in place: give each a parameter of its own",
                refused("own::add(Tensor(a!)[] xs) -> ()"));
        assertEquals("count gives a result of the type int; give a Tensor, without dimensions if it is a number", refused("own::count(Tensor x) -> int"));
        assertEquals("not an operator schema: own::broken(Tensor x", refused("own::broken(Tensor x"));
    }

    /** An operator of one parameter, called with one value; where it runs decides what lists may hold. */
    private static String refused(String parameter, boolean inCpp, Object value) {
        CustomOperator operator = new CustomOperator("own::op(" + parameter + ") -> Tensor") {
            @Override
            protected List<TensorType> infer(Arguments arguments) {
                return List.of(new TensorType(DType.F32, Shape.SCALAR));
            }

            @Override
            public Optional<CppSource> cpp() {
                return inCpp ? Optional.of(CppSource.of("result[0] = 1;")) : Optional.empty();
            }

            @Override
            protected List<TensorData> compute(Arguments arguments) {
                return List.of(TensorData.of(new float[] {1}));
            }
        };
        try {
            operator.call(value);
            return "";
        } catch (TensorException e) {
            assertEquals(TensorException.Kind.ARGUMENT, e.kind());
            return e.getMessage();
        }
    }

    @Test
    void thereIsOneDevice() {
        for (boolean inCpp : new boolean[] {false, true}) {
            assertEquals("", refused("Device d", inCpp, "cpu"));
            assertEquals("", refused("Device? d", inCpp, null));
            assertEquals("own::op: d is the device \"cuda:0\", and Toroid computes on the CPU only: give \"cpu\"", refused("Device d", inCpp, "cuda:0"));
            assertEquals("own::op: d is the device \"mps\", and Toroid computes on the CPU only: give \"cpu\" or null", refused("Device? d=None", inCpp, "mps"));
            assertEquals("own::op: d is of the type Device and cannot be the integer 0", refused("Device d", inCpp, 0));
        }
    }

    @Test
    void argumentsAreOfTheTypesOfTheirParameters() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor indices = Tensor.of(new long[] {1}, 1);
        assertEquals("own::op: x is of the type Tensor and cannot be the integer 3", refused("Tensor x", false, 3));
        assertEquals("own::op: xs is of the type Tensor[] and cannot be a tensor f32[2]", refused("Tensor[] xs", false, x));
        assertEquals("own::op: xs is of the type Tensor[] and cannot be a list of tensors with places left out", refused("Tensor[] xs", true, Arrays.asList(x, null)));
        assertEquals("", refused("Tensor?[] xs", true, Arrays.asList(x, null)));
        assertEquals("", refused("Tensor?[] xs", false, Arrays.asList(x, null, indices)));
        assertEquals("own::op: the tensors of xs are f32 and i64, and C++ takes lists of one element type: convert them by to(DType), "
                + "or give each a parameter of its own", refused("Tensor?[] xs", true, Arrays.asList(x, null, indices)));
        assertEquals("own::op: n is of the type int? and cannot be the number 0.5", refused("int? n", true, 0.5));
        assertEquals("own::op: n is of the type int[] and cannot be the list [0.5]", refused("int[] n", true, new double[] {0.5}));
        assertEquals("own::op: text is of the type str and cannot be true", refused("str text", true, true));
        assertEquals("own::op: t is of the type ScalarType and cannot be the text \"f32\"", refused("ScalarType t", true, "f32"));
        assertEquals("own::op: f is of the type float and cannot be the element type f32", refused("float f", true, DType.F32));
        assertEquals("op: xs must not be null", refused("Tensor?[] xs", true, (Object) null));
    }

    @Test
    void whatOnlyPyTorchComputesNeedsItAtTheLine() {
        String operator = """
                static class Inverse extends TorchOperator {
                    Inverse() { super("aten::linalg_inv(Tensor A) -> Tensor"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(arguments.tensor("A").type()); }
                }
                """;
        JavacHarness.Outcome outcome = compile(operator, "new Inverse()");
        assertEquals("[TOROID-510] the operator aten::linalg_inv is PyTorch's, and the library is built without it; "
                + "build with -Atoroid.linkage=libtorch, or write it as a CustomOperator", texts(outcome));
        assertEquals(14, outcome.errors().getFirst().line());
    }

    @Test
    void aTorchOperatorWithANumberOfAnyTypeIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new TorchOperator("aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor") {
            @Override
            protected List<TensorType> infer(Arguments arguments) {
                return List.of();
            }
        });
        assertEquals("the parameter other of aten::add.Scalar is a Scalar, which PyTorch's dispatcher does not take from C; choose an overload with a Tensor",
                e.getMessage());
    }
}
