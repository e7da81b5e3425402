import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What one event states. Times are milliseconds; `data` is the event's own, as JSON; `rank` settles ties in time. */
record Fact(long time, long arrival, int rank, String source, String id, String data) {
    private static final Comparator<Fact> ORDER = Comparator.comparingLong(Fact::time)
            .thenComparingInt(Fact::rank)
            .thenComparing(Fact::id)
            .thenComparing(Fact::source);
    /** The types of the workload, in the order of a lead's life. */
    private static final Map<String, Integer> RANKS =
            Map.of("lead.created.v1", 1, "lead.handed_off.v1", 3, "lead.contact_attempted.v1", 5);
    private static final ObjectReader EVENT = new ObjectMapper().readerFor(Event.class);

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Event(String id, String source, String type, String subject, String time, JsonNode data) {}

    /** The fact that an event states; an event of another lead, of an unknown type or in no JSON ends the worker. */
    static Fact read(String lead, byte[] value, long arrival) {
        try {
            Event event = EVENT.readValue(value);
            if (!lead.equals(event.subject) || !RANKS.containsKey(event.type)) {
                throw new IllegalArgumentException(event.type + " of " + event.subject + " under the key " + lead);
            }
            long time = OffsetDateTime.parse(event.time).toInstant().toEpochMilli();
            return new Fact(time, arrival, RANKS.get(event.type), event.source, event.id, event.data.toString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Facts in order with one more. One told again counts once, with its earliest arrival; of two contents, the first in order. */
    static List<Fact> join(List<Fact> known, Fact told) {
        List<Fact> joined = new ArrayList<>(known.size() + 1);
        for (Fact fact : known) {
            if (fact.id.equals(told.id) && fact.source.equals(told.source)) {
                told = lower(fact, told);
            } else {
                joined.add(fact);
            }
        }
        joined.add(-Collections.binarySearch(joined, told, ORDER) - 1, told);
        return joined;
    }

    private static Fact lower(Fact one, Fact other) {
        Fact first = ORDER.thenComparing(Fact::data).compare(one, other) <= 0 ? one : other;
        long arrival = Math.min(one.arrival, other.arrival);
        return new Fact(first.time, arrival, first.rank, first.source, first.id, first.data);
    }

    /** Facts as bytes: their number, then each with its fields in the order of the record. */
    static Serde<List<Fact>> listSerde() {
        return Serdes.serdeFrom((topic, facts) -> encode(facts), (topic, bytes) -> bytes == null ? null : decode(bytes));
    }

    private static byte[] encode(List<Fact> facts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(200 * facts.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(facts.size());
            for (Fact fact : facts) {
                out.writeLong(fact.time);
                out.writeLong(fact.arrival);
                out.writeByte(fact.rank);
                out.writeUTF(fact.source);
                out.writeUTF(fact.id);
                out.writeUTF(fact.data);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static List<Fact> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = in.readUnsignedShort();
            List<Fact> facts = new ArrayList<>(count);
            for (int number = 0; number < count; number++) {
                facts.add(new Fact(
                        in.readLong(), in.readLong(), in.readByte(), in.readUTF(), in.readUTF(), in.readUTF()));
            }
            return facts;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
