import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueStore;

/** A count of events per lead, as the documentation of Kafka Streams would write it: no event is looked into. */
final class CountByLead {
    private CountByLead() {}

    /** Arguments: `memory` or `rocksdb`, then the topics of the events. */
    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        Materialized<Bytes, Long, KeyValueStore<Bytes, byte[]>> counts =
                Materialized.<Bytes, Long, KeyValueStore<Bytes, byte[]>>as("counts")
                        .withKeySerde(Serdes.Bytes())
                        .withValueSerde(Serdes.Long())
                        .withStoreType(
                                given.get(0).equals("memory")
                                        ? new BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers()
                                        : new BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers());
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(given.subList(1, given.size()), Consumed.with(Serdes.Bytes(), Serdes.ByteArray()))
                .groupByKey()
                .count(counts);
        Worker.run(builder.build());
    }
}
