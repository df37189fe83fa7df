package io.toroid.processor.weights;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.toroid.runtime.weights.WeightFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks through an ONNX model down to its initializers and passes over all else. Messages begin with the file and name
 * the field, by the names of {@code onnx.proto}.
 */
final class OnnxReader {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_SPARSE_INITIALIZER = 15;

    private final String file;
    private final CodedInputStream input;
    private final List<OnnxTensor> tensors = new ArrayList<>();
    /** The field being read, such as {@code graph.initializer[3].dims}. */
    private String place = "the model";

    /** @param file what messages call it */
    OnnxReader(String file, InputStream stream) {
        this.file = file;
        this.input = CodedInputStream.newInstance(stream);
    }

    /** @throws WeightFormatException if it is not an ONNX model, or has weights that cannot be read */
    List<OnnxTensor> read() throws IOException {
        boolean graph = false;
        try {
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == MODEL_GRAPH) {
                    graph = true;
                    in(tag, "graph", this::graph);
                } else {
                    input.skipField(tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw wrong("%s is malformed at byte %d: %s".formatted(place, input.getTotalBytesRead(), e.getMessage()));
        }
        if (!graph) {
            throw wrong("there is no graph in it; it is not an ONNX model");
        }
        return tensors;
    }

    private interface Fields {
        void read() throws IOException;
    }

    private void graph() throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case GRAPH_INITIALIZER -> in(tag, "graph.initializer[%d]".formatted(tensors.size()), this::initializer);
                case GRAPH_SPARSE_INITIALIZER -> throw wrong(
                        "graph.sparse_initializer: sparse weights are not read; export the model with dense ones");
                default -> input.skipField(tag);
            }
        }
    }

    private void initializer() throws IOException {
        OnnxTensorReader reader = new OnnxTensorReader(file, place, input);
        try {
            tensors.add(reader.read());
        } finally {
            place = reader.place();
        }
    }

    private void in(int tag, String name, Fields message) throws IOException {
        place = name;
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw wrong("%s is not a message; it is not an ONNX model".formatted(name));
        }
        int limit = input.pushLimit(input.readRawVarint32());
        message.read();
        input.checkLastTagWas(0);
        requireEnd(file, name, input);
        input.popLimit(limit);
    }

    /** The end of the file, too, ends a message. */
    static void requireEnd(String file, String place, CodedInputStream input) {
        if (input.getBytesUntilLimit() > 0) {
            throw new WeightFormatException("%s: %s is cut off at byte %d, %d bytes before its end"
                    .formatted(file, place, input.getTotalBytesRead(), input.getBytesUntilLimit()));
        }
    }

    private WeightFormatException wrong(String what) {
        return new WeightFormatException(file + ": " + what);
    }
}
