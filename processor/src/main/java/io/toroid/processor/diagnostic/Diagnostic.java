package io.toroid.processor.diagnostic;

/**
 * Every message that the compiler can give, with a stable code that users may search for. The text is a format; the
 * hint says how to mend it.
 *
 * <p>Codes by hundreds: 1 the model's class, 2 its entries and specs, 3 what happened while an entry was traced,
 * 4 weights, 5 options and the native build.
 */
public enum Diagnostic {
    MODEL_NOT_A_CLASS("TOROID-101", "@Model marks a class, not %s", "make %s an ordinary class"),
    MODEL_NOT_PUBLIC("TOROID-102", "the model %s is not public, so the compiler cannot construct it",
            "make the class, and every class around it, public"),
    MODEL_ABSTRACT("TOROID-103", "the model %s is abstract", "mark a concrete class instead"),
    MODEL_INNER("TOROID-104", "the model %s is an inner class, which needs an instance of its outer class", "make it static"),
    MODEL_GENERIC("TOROID-105", "the model %s has type parameters", "mark a class without them, such as a subclass"),
    MODEL_NO_CONSTRUCTOR("TOROID-106", "the model %s has no public constructor without parameters", "add one"),
    MODEL_NO_ENTRIES("TOROID-107", "the model %s has no entry", "mark the method to compile with @Entry"),
    MODEL_FACADE_NAME("TOROID-108", "the façade of %s cannot be named \"%s\"", "%s"),
    MODEL_SAME_FACADE("TOROID-109", "the models %s and %s would both get the façade %s",
            "give one another name with @Model(facade = \"...\")"),

    ENTRY_OUTSIDE_MODEL("TOROID-201", "@Entry has no effect here: %s is not a @Model", "mark the class with @Model"),
    ENTRY_NOT_CALLABLE("TOROID-202", "the entry %s is %s", "make it a public instance method without type parameters"),
    ENTRY_DUPLICATE("TOROID-203", "the model has another entry named %s, and façades have no overloads of entries", "rename one"),
    ENTRY_NAME_RESERVED("TOROID-204", "the entry cannot be named %s, because façades have a method of that name", "rename it"),
    ENTRY_PARAMETER_TYPE("TOROID-205", "the parameter %s has the type %s", "an entry takes io.toroid.Tensor, io.toroid.shape.Size, and records, arrays and lists of them"),
    ENTRY_RETURN_TYPE("TOROID-206", "the entry %s returns %s", "%s"),
    SPEC_MISSING("TOROID-207", "the parameter %s has no @Spec", "say its type and sizes, such as @Spec(\"f32[batch, 64]\")"),
    SPEC_MALFORMED("TOROID-208", "\"%s\" is not a spec: %s", "write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool"),
    DIM_UNDECLARED("TOROID-209", "the dimension %s is not declared", "%s"),
    DIM_UNUSED("TOROID-210", "no spec uses the dimension %s", "use it in a @Spec, as a parameter of the type Size, or take the @Dim away"),
    DIM_RANGE("TOROID-211", "the dimension %s cannot be: %s", "%s"),
    DIM_DUPLICATE("TOROID-212", "the dimension %s is declared twice", "keep one"),
    DIM_NAME("TOROID-213", "a dimension cannot be named \"%s\"", "use letters, digits and underscores, and begin with a letter"),
    ENTRY_NO_PARAMETERS("TOROID-214", "the entry %s has no parameters", "what does not depend on inputs belongs into a field; give it at least one tensor"),
    DIM_UNDETERMINED("TOROID-215", "the value of the dimension %s cannot be told from %s", "let another size be %s alone"),
    ENTRY_PARAMETER_VALUE("TOROID-216", "the parameter %s has the type %s, and a Java value is fixed while the model is compiled", "%s"),
    ENTRY_PARAMETER_RECORD("TOROID-217", "the parameter %s is the record %s, %s", "%s"),
    SPEC_COUNT("TOROID-218", "the @Spec of %s cannot be: %s", "%s"),
    SIZE_UNDECLARED("TOROID-219", "the size %s has no range", "declare it with @Dim(name = \"%s\", min = ..., max = ...)"),

    TRACE_SHAPE("TOROID-301", "%s", ""),
    TRACE_DTYPE("TOROID-302", "%s", ""),
    TRACE_ARGUMENT("TOROID-303", "%s", ""),
    TRACE_VALUE("TOROID-304", "%s", ""),
    TRACE_INDEX("TOROID-305", "%s", ""),
    CONSTRUCTOR_FAILED("TOROID-306", "the constructor of %s failed with %s", "the compiler constructs the model to trace it, so this must succeed at compile time"),
    ENTRY_FAILED("TOROID-307", "the entry %s failed with %s", "the compiler calls it on symbolic tensors, so this must succeed at compile time"),
    ENTRY_RESULT("TOROID-308", "the entry %s returned %s", "return a tensor computed from the inputs"),
    TRACE_SIZE("TOROID-309", "%s", "a dynamic dimension has no number while the model is compiled: compute with Size, or make it a number in the @Spec"),
    SOURCES_DO_NOT_COMPILE("TOROID-310", "the model %s could not be compiled in order to trace it: %s", "%s"),
    SOURCES_UNAVAILABLE("TOROID-311", "the model %s cannot be traced, because %s", "compile it with javac of a JDK"),
    CLASS_NOT_LOADED("TOROID-312", "the model %s cannot be loaded in order to trace it: %s", "%s"),
    TENSOR_ESCAPED("TOROID-313", "the entry %s computes with a tensor that exists only while a loop runs or in another entry",
            "let the loop's body return it, so that it is a result of whileLoop, and keep no tensors in fields"),
    ENTRY_RESULT_TYPE("TOROID-314", "the entry %s says that %s is %s, but it computes %s", "correct the @Spec, or the computation"),
    CLASS_NOT_READ("TOROID-315", "what the class %s declares cannot be read: %s", "%s"),

    WEIGHTS_NOT_FOUND("TOROID-401", "there is no weight file \"%s\"; searched: %s", "put it under src/main/resources, or name its directory by -Atoroid.weights.dir=..."),
    WEIGHTS_UNREADABLE("TOROID-402", "the weight file \"%s\" cannot be read: %s", "export it again, as safetensors or ONNX"),
    WEIGHTS_UNNAMED("TOROID-403", "the model has %d parameters, such as %s, but names no weight file", "write @Model(weights = \"weights/....safetensors\")"),
    WEIGHT_MISSING("TOROID-404", "the weight file \"%s\" has no tensor %s, a parameter %s", "%s"),
    WEIGHT_SURPLUS("TOROID-405", "the weight file \"%s\" has a tensor %s, %s, that is no parameter of the model", "add the layer that it belongs to, or export the file without it"),
    WEIGHT_TYPE("TOROID-406", "the parameter %s is %s, but \"%s\" holds %s", "%s"),
    PARAMETER_UNNAMED("TOROID-407", "a parameter %s is used that no field of the model leads to", "keep the layer that owns it in a field of the model instead of making it in the entry"),
    PARAMETER_FIELDS("TOROID-408", "the parameters of the model cannot be found: %s", ""),
    WEIGHTS_MORE("TOROID-409", "%d more parameters and tensors of \"%s\" do not fit each other", "if most names differ, override fields' parts of the names with @Name"),
    WEIGHT_NAMES_CLASS("TOROID-410", "the class %s cannot say where the weights stand: %s", "make it a class of its own or a static one, with a constructor without parameters"),
    WEIGHT_NAMES_FAILED("TOROID-411", "%s was asked %s, and %s", "it needs an answer for every name"),
    WEIGHT_TAKEN_TWICE("TOROID-412", "the parameters %s and %s are both the tensor %s of \"%s\"", "tell them apart in %s"),

    OPTION_INVALID("TOROID-501", "the option -A%s=%s is not valid: %s", "%s"),
    NATIVE_COMPILER_MISSING("TOROID-502", "%s", ""),
    OUTPUT_FAILED("TOROID-503", "%s cannot be written: %s", ""),
    MODEL_TOO_LARGE("TOROID-504", "the model's constants take %d MiB, and there is room for 2047", "store weights as f16 or bf16, or make several models of it"),

    OPERATOR_CPP("TOROID-505", "the C++ of the operator %s does not compile: %s", "lines are counted from the first of its text"),
    OPERATOR_CLASS("TOROID-506", "the operator %s, which computes in Java, is of %s, of which the façade cannot make one of its own: %s", "make it a public class, if it is nested a static one, with a public constructor without parameters"),
    OPERATOR_TWICE("TOROID-507", "two operators of the model are called %s, and one is of %s, the other of %s", "rename one"),
    NATIVE_BUILD_FAILED("TOROID-508", "the native library could not be built: %s", ""),
    PLATFORM_UNKNOWN("TOROID-509", "libraries of models are for Linux on x86-64 and on 64-bit ARM, and this is %s", "compile the model on such a machine"),
    OPERATOR_NEEDS_PYTORCH("TOROID-510", "the operator %s is PyTorch's, and the library is built without it", "build with -Atoroid.linkage=libtorch, or write it as a CustomOperator"),

    INTERNAL("TOROID-INTERNAL", "the compiler failed on %s, which is a bug of Toroid: please report it with this text\n%s", "");

    private final String code;
    private final String text;
    private final String hint;

    Diagnostic(String code, String text, String hint) {
        this.code = code;
        this.text = text;
        this.hint = hint;
    }

    /** Stable, such as {@code TOROID-301}. */
    public String code() {
        return code;
    }

    /** {@code [TOROID-208] "f32[" is not a spec: ...; write ...}; the arguments fill text and hint, in that order. */
    public String message(Object... arguments) {
        String format = hint.isEmpty() ? text : text + "; " + hint;
        return "[" + code + "] " + format.formatted(arguments);
    }
}
