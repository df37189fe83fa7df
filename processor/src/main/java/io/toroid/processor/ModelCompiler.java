package io.toroid.processor;

import io.toroid.processor.model.TracedModel;

/** What turns a traced model into files: {@link Pipeline}, or a stand-in in tests of the frontend. */
@FunctionalInterface
public interface ModelCompiler {

    /** @throws io.toroid.processor.diagnostic.ProblemException if the model cannot be compiled, in words for its author */
    CompiledFiles compile(TracedModel model, CompileOptions options);
}
