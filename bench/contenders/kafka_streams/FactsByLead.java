import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Reads each event and joins it to the facts of its lead: what the rules keep, and nothing of what they make of it. */
final class FactsByLead implements Processor<String, byte[], Void, Void> {
    private static final String STORE = "facts";
    private KeyValueStore<String, List<Fact>> facts;

    /** Arguments: the topics of the events. */
    public static void main(String[] topics) throws Exception {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Fact.listSerde())
                        .withCachingEnabled()
                        .withLoggingEnabled(Map.of()));
        builder.stream(List.of(topics), Consumed.with(Serdes.String(), Serdes.ByteArray()))
                .process(FactsByLead::new, STORE);
        Worker.run(builder.build());
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        facts = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Fact told = Fact.read(record.key(), record.value(), record.timestamp());
        List<Fact> known = facts.get(record.key());
        List<Fact> joined = Fact.join(known == null ? Collections.emptyList() : known, told);
        if (!joined.equals(known)) {
            facts.put(record.key(), joined);
        }
    }
}
