using System.Text.Json;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Simd;
using Sepal.Training.Callbacks;

namespace Sepal.Training.Checkpoints;

/// <summary>A checkpoint that is whole and belongs to the run.</summary>
internal sealed record CheckpointSource(string Path, CheckpointRecord Record);

/// <summary>Writes a fit's checkpoints, and takes the fit up again from the newest that is whole.</summary>
internal sealed class Checkpointer
{
    private const string ModelFile = "model.onnx";
    private const string StateFile = "state.safetensors";
    private const string RecordFile = "checkpoint.json";
    private const long MostRecordBytes = 256L << 20;

    private readonly Model _model;
    private readonly Trainer _trainer;
    private readonly WeightAverage? _average;
    private readonly CheckpointOptions _options;
    private readonly CheckpointDirectory _directory;
    private readonly Action<string> _warn;
    private readonly (string Key, Callback Callback)[] _callbacks;
    private readonly IReadOnlyList<Setting> _run;
    private readonly IReadOnlyList<string> _graph;

    /// <summary>Opens the directory.</summary>
    /// <exception cref="CheckpointException">It cannot be written to, or the model cannot be written to a file.</exception>
    public Checkpointer(Model model, Trainer trainer, WeightAverage? average, Dataset dataset, FitOptions options)
    {
        _model = model;
        _trainer = trainer;
        _average = average;
        _options = options.Checkpoints!;
        _warn = options.Warn;
        _directory = new CheckpointDirectory(_options);
        _directory.Open();

        // A model that has no ONNX form is better told of now than after an epoch.
        model.ExportOnnx(Stream.Null, _options.Export);
        _run = RunDescription.Of(model, trainer.Optimizer, trainer.Objective.Loss, dataset, options, trainer.Teacher);
        _graph = RunDescription.Of(model.Graph);
        _callbacks =
        [
            .. options.Callbacks
                .GroupBy(callback => callback.GetType().Name)
                .SelectMany(group => group.Select((callback, index) => ($"{group.Key}-{index}", callback))),
        ];
    }

    /// <summary>Refuses to begin where there are checkpoints of a run before: they would be taken for this one's.</summary>
    /// <exception cref="CheckpointException">There are.</exception>
    public void RequireNone()
    {
        if (_directory.All() is [var newest, ..])
        {
            throw new CheckpointException(
                $"The directory '{_options.Directory}' has checkpoints of a run before, the last of them '{Path.GetFileName(newest)}'. "
                + "Set Resume to continue that run, give this one another directory, or delete them.");
        }
    }

    /// <summary>Whether a checkpoint within the epoch is due after a step.</summary>
    public bool IsDue => _options.EverySteps is { } steps && _trainer.Steps % steps == 0;

    /// <summary>Writes a checkpoint.</summary>
    /// <exception cref="CheckpointException">It cannot be written; those before it are untouched.</exception>
    public void Save(TrainingPosition position)
    {
        var callbacks = new Dictionary<string, CallbackState>();
        foreach ((string key, Callback callback) in _callbacks)
        {
            callback.Save(callbacks[key] = new CallbackState());
        }

        CheckpointRecord record = Record(position, callbacks);
        SafeTensor[] tensors =
        [
            .. ModelTensors(),
            .. callbacks.SelectMany(pair => pair.Value.Arrays.Select(array => new SafeTensor(ArrayName(pair.Key, array.Key), array.Value))),
        ];
        _directory.Write(
            _trainer.Steps,
            [
                new CheckpointFile(StateFile, stream => SafeTensorsFile.Write(stream, tensors)),
                new CheckpointFile(ModelFile, WriteModel),
                new CheckpointFile(RecordFile, stream => JsonSerializer.Serialize(stream, record, CheckpointJson.Default.CheckpointRecord)),
            ],
            _warn);
    }

    /// <summary>Finds the newest checkpoint that is whole. Damaged ones are warned of; where all are, that is an error.</summary>
    /// <returns>The checkpoint; null where there is none.</returns>
    /// <exception cref="CheckpointException">All are damaged, or the newest whole one belongs to another run.</exception>
    public CheckpointSource? Find()
    {
        IReadOnlyList<string> paths = _directory.All();
        foreach ((int index, string path) in paths.Index())
        {
            CheckpointRecord record;
            try
            {
                CheckpointDirectory.Verify(path, [ModelFile, StateFile, RecordFile]);
                record = ReadRecord(path);
            }
            catch (Exception exception) when (IsDamage(exception))
            {
                string next = index + 1 < paths.Count ? $"The one before it is used: '{paths[index + 1]}'." : "There is none before it.";
                _warn($"The checkpoint '{path}' is damaged: {exception.Message}. {next}");
                continue;
            }

            RequireSameRun(path, record);
            return new CheckpointSource(path, record);
        }

        return paths.Count == 0
            ? null
            : throw new CheckpointException(
                $"All {paths.Count} checkpoints in '{_options.Directory}' are damaged. Delete them to begin anew, or bring back a copy.");
    }

    /// <summary>Takes model, optimizer and callbacks up from a checkpoint.</summary>
    /// <returns>Where to go on.</returns>
    public TrainingPosition Restore(CheckpointSource source)
    {
        (string path, CheckpointRecord record) = source;
        Dictionary<string, CallbackState> states = ReadTensors(path, record);
        foreach ((string key, Callback callback) in _callbacks)
        {
            if (states.TryGetValue(key, out CallbackState? state))
            {
                callback.Restore(state);
            }
        }

        _trainer.Steps = record.Steps;
        _model.Store.MarkChanged();
        if (record.HasAverage)
        {
            _average!.Resume();
        }

        var means = new RunningMeans(_model.Metrics);
        means.Restore(record.Means);
        return new TrainingPosition
        {
            Epoch = record.Epoch,
            Examples = record.Examples,
            Means = means,
            Elapsed = TimeSpan.FromSeconds(record.Seconds),
            Stopped = record.Stopped,
            Completed = [.. record.History.Select(epoch => epoch.ToResult())],
        };
    }

    private static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or JsonException or EndOfStreamException || CheckpointDirectory.IsFromDisk(exception);

    private static string ArrayName(string callback, string array) => $"callbacks/{callback}/{array}";

    private static CheckpointRecord ReadRecord(string path)
    {
        using FileStream stream = File.OpenRead(Path.Combine(path, RecordFile));
        if (stream.Length > MostRecordBytes)
        {
            throw new InvalidDataException($"{RecordFile} has {stream.Length:N0} bytes, more than any checkpoint writes");
        }

        return JsonSerializer.Deserialize(stream, CheckpointJson.Default.CheckpointRecord)
            ?? throw new InvalidDataException($"{RecordFile} is empty");
    }

    private CheckpointRecord Record(TrainingPosition position, Dictionary<string, CallbackState> callbacks) => new()
    {
        Epoch = position.Epoch,
        Examples = position.Examples,
        Steps = _trainer.Steps,
        Seconds = position.Elapsed.TotalSeconds,
        Stopped = position.Stopped,
        HasAverage = _average is { HasBegun: true },
        Means = (position.Means ?? new RunningMeans(_model.Metrics)).ToRecord(),
        History = [.. position.Completed.Select(EpochRecord.Of)],
        Callbacks = callbacks.ToDictionary(pair => pair.Key, pair => pair.Value.Numbers),
        VectorWidth = SimdLevel.Width,
        Run = _run,
        Model = _graph,
    };

    private void RequireSameRun(string path, CheckpointRecord record)
    {
        if (record.Format != CheckpointRecord.CurrentFormat)
        {
            throw new CheckpointException(
                $"The checkpoint '{path}' has the format {record.Format}, but this version of Sepal reads {CheckpointRecord.CurrentFormat}. Use the version that wrote it.");
        }

        if (RunDescription.Difference(record, _run, _graph) is { Length: > 0 } difference)
        {
            throw new CheckpointException(
                $"The checkpoint '{path}' belongs to another run. What differs: {difference}. "
                + "Give the same, or another directory to begin anew.");
        }

        if (record.VectorWidth != SimdLevel.Width)
        {
            _warn(
                $"The checkpoint '{path}' was written with vectors of {record.VectorWidth} numbers, this process computes with {SimdLevel.Width}: "
                + "it goes on, but not to the same last digits.");
        }
    }

    private Dictionary<string, CallbackState> ReadTensors(string path, CheckpointRecord record)
    {
        Dictionary<string, CallbackState> states = record.Callbacks.ToDictionary(pair => pair.Key, pair => StateOf(pair.Value));
        string file = Path.Combine(path, StateFile);
        try
        {
            using FileStream stream = File.OpenRead(file);
            SafeTensorsFile.Read(stream, shapes =>
            [
                .. ModelTensors(record.HasAverage),
                .. states.SelectMany(pair => Arrays(pair.Key, pair.Value, shapes)),
            ]);
            return states;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new CheckpointException($"The file '{file}' cannot be read: {exception.Message}", exception);
        }
    }

    private static CallbackState StateOf(IReadOnlyDictionary<string, double> numbers)
    {
        var state = new CallbackState();
        foreach ((string name, double value) in numbers)
        {
            state.Set(name, value);
        }

        return state;
    }

    /// <summary>Makes the arrays of a callback that the file has, to be filled.</summary>
    private static IEnumerable<SafeTensor> Arrays(string callback, CallbackState state, IReadOnlyDictionary<string, long[]> shapes)
    {
        string prefix = ArrayName(callback, string.Empty);
        foreach ((string name, long[] shape) in shapes.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var array = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
            state.Set(name[prefix.Length..], array);
            yield return new SafeTensor(name, array);
        }
    }

    private IEnumerable<SafeTensor> ModelTensors() => ModelTensors(_average is { HasBegun: true });

    private IEnumerable<SafeTensor> ModelTensors(bool withAverage)
    {
        ParameterStore store = _model.Store;
        foreach (Parameter parameter in _model.Graph.Parameters)
        {
            PlanBuffer place = store.Buffer(parameter);
            long[] shape = [.. parameter.Shape.Select(dimension => dimension.Value)];
            yield return new($"weights/{parameter.Name}", shape, parameter.Trainable ? store.Trainable : store.State, place.Offset, null);
            if (withAverage)
            {
                (AlignedMemory trainable, AlignedMemory state) = _average!.Memory;
                yield return new($"average/{parameter.Name}", shape, parameter.Trainable ? trainable : state, place.Offset, null);
            }

            for (int index = 0; parameter.Trainable && index < _trainer.Optimizer.StateCount; index++)
            {
                yield return new(
                    $"optimizer/{index}/{parameter.Name}", shape, _trainer.OptimizerState, (index * store.Trainable.ByteCount) + place.Offset, null);
            }
        }
    }

    /// <summary>The model as validation sees it: with the averaged weights, where there are any.</summary>
    private void WriteModel(Stream stream)
    {
        _average?.Swap();
        try
        {
            _model.ExportOnnx(stream, _options.Export);
        }
        finally
        {
            _average?.Swap();
        }
    }
}
