package io.toroid.processor.weights;

import io.toroid.DType;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The initializers of an ONNX model: the weights under the names that the exporter gave them. The file is read through
 * once for its structure; the data of large tensors are mapped.
 *
 * <p>What the format demands is checked on opening. A tensor whose element type Toroid does not have is only refused
 * when it is asked for.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
public final class OnnxInitializers implements WeightSource {

    /** What messages call it. */
    private final String file;
    private final Arena arena;
    private final MemorySegment content;
    private final Map<String, OnnxTensor> tensors;

    private OnnxInitializers(String file, Arena arena, MemorySegment content, Map<String, OnnxTensor> tensors) {
        this.file = file;
        this.arena = arena;
        this.content = content;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read
     * @throws WeightFormatException if it is not an ONNX model, or keeps its weights in other files
     */
    public static OnnxInitializers open(Path file) throws IOException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try (InputStream stream = Files.newInputStream(file)) {
            for (OnnxTensor tensor : new OnnxReader(file.toString(), stream).read()) {
                if (tensors.put(tensor.name(), tensor) != null) {
                    throw new WeightFormatException("%s: two initializers are named '%s'".formatted(file, tensor.name()));
                }
            }
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new OnnxInitializers(file.toString(), arena,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), tensors);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public WeightTensor get(String name) {
        OnnxTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("%s has no initializer '%s'".formatted(file, name));
        }
        DType dtype = tensor.dtype().orElseThrow(() -> new WeightFormatException(
                "%s: initializer '%s' has elements of %s; Toroid reads FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT64, INT32, INT16, INT8, UINT8 and BOOL"
                        .formatted(file, name, tensor.typeName())));
        return new WeightTensor(name, dtype, tensor.dims().clone(), tensor.data(content));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
