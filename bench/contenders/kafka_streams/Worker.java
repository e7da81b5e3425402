import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Runs a topology as the other contenders run: given its task, it says `ready` and goes on until it is told to stop. */
final class Worker {
    /** As `bench/contenders/job.py` has it; Kafka Streams chooses the name of the changelog. */
    record Task(String broker, String group, String changelog, int partitions, String folder) {}

    private Worker() {}

    static void run(Topology topology) throws Exception {
        Task task = new ObjectMapper().readValue(System.getenv("LEADSLA_BENCH_TASK"), Task.class);
        KafkaStreams streams = new KafkaStreams(topology, settings(task));
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.RUNNING) {
                System.out.println("ready");
            }
        });
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    /** One thread, at-least-once and a linger of 100 ms are the defaults. */
    private static Properties settings(Task task) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, task.group(),
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.broker(),
                StreamsConfig.STATE_DIR_CONFIG, task.folder(),
                // What the worker's own client is set to.
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000,
                StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd",
                StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024,
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2_000,
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024,
                // A multiple of the default of 10 MiB: so fewer states are written to the changelog, and more events go through.
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 * 1024 * 1024,
                // The order among topics does not matter here: never wait for one of them.
                StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED));
        return settings;
    }
}
