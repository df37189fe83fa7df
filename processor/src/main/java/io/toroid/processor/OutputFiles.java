package io.toroid.processor;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.frontend.Compilation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import javax.annotation.processing.Filer;
import javax.lang.model.element.TypeElement;
import javax.tools.StandardLocation;

/**
 * Writes what a model was compiled to, through the compiler's filer alone, so that clean and incremental builds know of
 * every file. Manifests come last: a build that is killed before leaves nothing that could be loaded.
 */
final class OutputFiles {

    private final Filer filer;
    private final TypeElement origin;

    OutputFiles(Compilation compilation, TypeElement origin) {
        this.filer = compilation.environment().getFiler();
        this.origin = origin;
    }

    /** @throws ProblemException if a file cannot be written */
    void write(String facadeName, String facade, CompiledFiles files) {
        for (Map.Entry<String, String> source : files.sources().entrySet()) {
            resource(StandardLocation.SOURCE_OUTPUT, source.getKey(), source.getValue().getBytes(StandardCharsets.UTF_8));
        }
        files.resources().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().endsWith("/manifest.properties")))
                .forEach(entry -> resource(StandardLocation.CLASS_OUTPUT, entry.getKey(), entry.getValue()));
        try (Writer writer = filer.createSourceFile(facadeName, origin).openWriter()) {
            writer.write(facade);
        } catch (IOException e) {
            throw new ProblemException(Diagnostic.OUTPUT_FAILED, facadeName, e.getMessage());
        }
    }

    private void resource(StandardLocation location, String path, byte[] bytes) {
        try (OutputStream stream = filer.createResource(location, "", path, origin).openOutputStream()) {
            stream.write(bytes);
        } catch (IOException e) {
            throw new ProblemException(Diagnostic.OUTPUT_FAILED, path, e.getMessage());
        }
    }
}
