package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.shape.Symbol;
import java.util.List;

/**
 * A kernel as C++.
 *
 * @param name of the function
 * @param parameters what it takes, in order
 * @param includes headers that its code needs, such as {@code toroid/loops.h}
 * @param comment lines above the function
 * @param body lines between its braces
 */
public record KernelSource(String name, List<Parameter> parameters, List<String> includes, String comment, String body) {

    /** A parameter of a kernel. */
    public sealed interface Parameter {

        /** Declaration in C++. */
        String declaration();

        /** The thread pool. */
        record Pool() implements Parameter {
            @Override
            public String declaration() {
                return "const ToroidPool* pool";
            }
        }

        /** The run, to which failures are reported. */
        record Run() implements Parameter {
            @Override
            public String declaration() {
                return "Call& call";
            }
        }

        /**
         * Memory that is only read.
         *
         * @param isShared whether an output of the same kernel lies there
         */
        record Input(Buffer buffer, boolean isShared) implements Parameter {
            @Override
            public String declaration() {
                return "const %s*%s %s".formatted(CppTypes.element(buffer.dtype()), isShared ? "" : " __restrict", buffer.name());
            }
        }

        /**
         * Memory that is written.
         *
         * @param isShared whether it lies where an input of the same kernel does
         */
        record Output(Buffer buffer, boolean isShared) implements Parameter {
            @Override
            public String declaration() {
                return "%s*%s %s".formatted(CppTypes.element(buffer.dtype()), isShared ? "" : " __restrict", buffer.name());
            }
        }

        /** A symbolic size. */
        record Dimension(Symbol symbol) implements Parameter {
            @Override
            public String declaration() {
                return "[[maybe_unused]] int64_t " + SizeWriter.plain().print(symbol);
            }
        }
    }

    public KernelSource {
        parameters = List.copyOf(parameters);
        includes = List.copyOf(includes);
    }

    /** The same with one more line in the comment above it. */
    KernelSource withRemark(String remark) {
        return new KernelSource(name, parameters, includes, comment + "// " + remark + "\n", body);
    }

    /** Comment and definition. */
    public String text() {
        return comment + signature() + " {\n" + body + "}\n";
    }

    /** The function's declaration without a semicolon. */
    public String signature() {
        return "void %s(%s)".formatted(
                name, String.join(", ", parameters.stream().map(Parameter::declaration).toList()));
    }
}
