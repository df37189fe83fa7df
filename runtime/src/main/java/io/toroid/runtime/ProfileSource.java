package io.toroid.runtime;

import io.toroid.runtime.ffi.ModelLibrary;
import io.toroid.runtime.ffi.ProfileReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where profiles of a loaded model come from whose library was compiled for them. */
final class ProfileSource implements AutoCloseable {

    /** What has been recorded since it was begun. */
    record Recording(ProfileReader reader) {
    }

    private final String model;
    private final List<String> entries;
    private final ModelLibrary library;
    private final List<KernelPlace> places;
    private final List<Profile.Call> loading;
    private final ProfileEvents events;  // null in a runtime image without the recorder
    private boolean isClosed;

    /** @param begun when its loading began, as {@link System#nanoTime} */
    ProfileSource(ModelManifest manifest, ModelLibrary library, long begun) {
        this.model = manifest.model();
        this.entries = Stream.concat(manifest.entries().stream().map(ModelManifest.EntryInfo::name), Stream.of(Profile.FOLDING)).toList();
        this.library = library;
        this.places = library.profileReader().places().stream()
                .map(place -> new KernelPlace(place.entry(), place.kernel(), place.operators(), place.lines())).toList();
        this.loading = foldingsSince(begun);
        this.events = ProfileEvents.isAvailable() ? new ProfileEvents(this) : null;
    }

    String model() {
        return model;
    }

    private List<Profile.Call> foldingsSince(long begun) {
        return calls(library.profileReader().all(), new HashMap<>()).stream()
                .filter(call -> call.entry().equals(Profile.FOLDING) && call.start() - begun >= 0).toList();
    }

    /** What was folded when the model was loaded. */
    List<Profile.Call> loading() {
        return loading;
    }

    synchronized Profile ofLoad() {
        requireOpen();
        return new Profile(model, places, loading, /* lost= */ 0);
    }

    synchronized Recording begin() {
        requireOpen();
        return new Recording(library.profileReader());
    }

    synchronized Profile end(Recording recording) {
        requireOpen();
        List<Profile.Call> calls = calls(recording.reader().read(), new HashMap<>());
        return new Profile(model, places, calls, recording.reader().lost());
    }

    /**
     * The calls that have ended; kernels of others are kept for the next time, unless runs were lost: the ends of these calls may be
     * among them, and would be waited for in vain.
     *
     * @param open runs of calls that have not ended, by the call's number
     */
    synchronized List<Profile.Call> more(Recording recording, Map<Long, List<Profile.Run>> open) {
        if (isClosed) {
            return List.of();
        }
        long lost = recording.reader().lost();
        List<ProfileReader.Run> runs = recording.reader().read();
        if (recording.reader().lost() > lost) {
            open.clear();
        }
        return calls(runs, open);
    }

    private List<Profile.Call> calls(List<ProfileReader.Run> runs, Map<Long, List<Profile.Run>> open) {
        List<Profile.Call> calls = new ArrayList<>();
        for (ProfileReader.Run run : runs) {
            if (run.place() >= 0) {
                open.computeIfAbsent(run.call(), _ -> new ArrayList<>()).add(new Profile.Run(
                        places.get(Math.toIntExact(run.place())), run.start(), run.nanoseconds(), run.bytes(), run.operations()));
            } else {
                List<Profile.Run> own = open.remove(run.call());
                calls.add(new Profile.Call(entries.get(Math.toIntExact(-1 - run.place())), run.call(), run.thread(), run.start(),
                        run.nanoseconds(), own == null ? List.of() : own));
            }
        }
        return calls;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException(model + " is closed and has no profile any more");
        }
    }

    /** The library may be unloaded afterwards. */
    @Override
    public void close() {
        if (events != null) {
            events.close();
        }
        synchronized (this) {
            isClosed = true;
        }
    }
}
