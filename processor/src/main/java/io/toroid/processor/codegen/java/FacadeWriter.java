package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.toroid.op.CustomOperator;
import io.toroid.processor.graph.CustomOperators;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * Writes the façade of a model: a class with one group of typed methods for each entry, on nested Java arrays where
 * all ranks are low, on tensors that the call allocates, and on tensors of the caller's.
 */
public final class FacadeWriter {

    private final TracedModel model;
    private final ClassName facade;

    private FacadeWriter(TracedModel model) {
        this.model = model;
        this.facade = ClassName.bestGuess(model.facadeName());
    }

    /** The source text. */
    public static String write(TracedModel model) {
        return new FacadeWriter(model).write();
    }

    private String write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(facade)
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .superclass(CompiledModel.class)
                .addJavadoc(describe());
        FacadeTypes types = new FacadeTypes(facade);
        List<EntryMethods> entries = entries(types);
        for (int i = 0; i < entries.size(); i++) {
            type.addField(FieldSpec.builder(int.class, entries.get(i).constant(), Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                    .initializer("$L", i).build());
        }
        addLoading(type);
        if (!model.parameters().isEmpty()) {
            WeightMethods.addTo(type, facade, model.parameters());
        }
        if (!model.states().isEmpty()) {
            addReset(type);
        }
        entries.forEach(entry -> entry.methods().forEach(type::addMethod));
        types.records().forEach(type::addType);
        return JavaFile.builder(facade.packageName(), type.build())
                .addFileComment("Written by Toroid from $L. Do not edit: the next compilation writes it again.", model.className())
                .skipJavaLangImports(true)
                .indent("    ")
                .build()
                .toString();
    }

    private List<EntryMethods> entries(FacadeTypes types) {
        boolean runIsAnEntry = model.entries().stream().anyMatch(entry -> entry.name().equals("run"));
        List<EntryMethods> entries = new ArrayList<>();
        for (TracedEntry entry : model.entries()) {
            entries.add(new EntryMethods(entry, constantOf(entry.name()), types, runIsAnEntry));
        }
        return entries;
    }

    /** {@code , new Tokenize()} for each operator that is written in Java. */
    private CodeBlock operators() {
        CodeBlock.Builder operators = CodeBlock.builder();
        CustomOperators.of(model).stream().filter(operator -> operator.host() == CustomOperator.Host.JAVA)
                .forEach(operator -> operators.add(", new $T()", operator.getClass()));
        return operators.build();
    }

    private void addLoading(TypeSpec.Builder type) {
        type.addMethod(MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(LoadOptions.class, "options")
                .addStatement("super($T.class, $S, options$L)", facade, model.className(), operators())
                .build());
        type.addMethod(MethodSpec.methodBuilder("load")
                .addJavadoc("Loads the model; to be closed after use.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns((TypeName) facade)
                .addStatement("return load($T.defaults())", LoadOptions.class)
                .build());
        type.addMethod(MethodSpec.methodBuilder("load")
                .addJavadoc("Loads the model with a choice of threads, instances, weights or library.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns((TypeName) facade)
                .addParameter(LoadOptions.class, "options")
                .addStatement("return new $T(options)", facade)
                .build());
        type.addMethod(MethodSpec.methodBuilder("instances")
                .addJavadoc("Loads the model for so many calls at a time; more wait.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns((TypeName) facade)
                .addParameter(int.class, "count")
                .addStatement("return load($T.defaults().withInstances(count))", LoadOptions.class)
                .build());
    }

    private void addReset(TypeSpec.Builder type) {
        type.addMethod(MethodSpec.methodBuilder("resetState")
                .addJavadoc("Gives $L the values that the model was loaded with. Waits for calls under way.\n", states())
                .addModifiers(Modifier.PUBLIC)
                .addStatement("resetStates()")
                .build());
    }

    private String states() {
        return model.states().entrySet().stream().map(state -> "{@code %s: %s}".formatted(state.getKey(), state.getValue().type()))
                .collect(Collectors.joining(", "));
    }

    private CodeBlock describe() {
        CodeBlock.Builder text = CodeBlock.builder()
                .add("The model {@link $L}, compiled ahead of time.\n\n<pre>{@code\n", model.className().replace('$', '.'));
        for (TracedEntry entry : model.entries()) {
            text.add("$L\n", EntryMethods.signature(entry));
            entry.descriptor().dims().forEach(dim -> text.add("    $L\n", dim));
        }
        text.add("}</pre>\n");
        if (!model.states().isEmpty()) {
            text.add("\n<p>It keeps $L between calls, which therefore run one after the other.\n", states());
        }
        return text.build();
    }

    /** {@code classifyAll} becomes {@code CLASSIFY_ALL}. */
    static String constantOf(String entry) {
        return entry.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }
}
