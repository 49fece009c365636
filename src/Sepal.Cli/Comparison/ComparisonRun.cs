using System.Collections.Immutable;
using Sepal.Cli.Framework;
using Sepal.Costs;
using Sepal.Data;
using Sepal.Onnx;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;

namespace Sepal.Cli.Comparison;

/// <summary>
/// Trains the networks one after another on the same images in the same order, and writes down what is finished as soon as
/// it is.
/// </summary>
/// <param name="data">The data description, with the number of images trained on.</param>
/// <param name="settings">The options.</param>
/// <param name="train">The images to train on.</param>
/// <param name="test">The images to test on.</param>
/// <param name="files">Where results are written.</param>
/// <param name="terminal">Where progress is shown.</param>
internal sealed class ComparisonRun(
    DataDescription data,
    ComparisonSettings settings,
    Dataset train,
    IdxDataset test,
    ComparisonFiles files,
    Terminal terminal)
{
    private readonly List<(NetworkResult Result, Model Model)> _finished = [];

    /// <summary>Trains, measures and writes.</summary>
    /// <param name="cancellation">Interrupts; what was finished has been written by then.</param>
    /// <returns>All results.</returns>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <exception cref="SepalException">The images do not fit, or a loss stopped being a number.</exception>
    public ComparisonResult Execute(CancellationToken cancellation)
    {
        ImmutableArray<ComparisonNetwork> networks = ComparisonNetworks.Build(test.InputShape, test.ClassCount);
        try
        {
            files.Prepare();
            ComparisonResult result = Collect(complete: false);
            foreach (ComparisonNetwork network in networks)
            {
                Train(network, cancellation);
                Measure();
                result = Collect(complete: _finished.Count == networks.Length);
                files.WriteReports(result);
            }

            return result;
        }
        finally
        {
            foreach (ComparisonNetwork network in networks)
            {
                network.Model.Dispose();
            }
        }
    }

    private void Train(ComparisonNetwork network, CancellationToken cancellation)
    {
        var recorder = new Recorder(rows =>
            files.WriteHistory(_finished.Select(item => (item.Result.Name, item.Result.Epochs)).Append((network.Name, rows))));
        List<Callback> callbacks = [recorder];
        if (terminal.ErrorWidth is { } columns)
        {
            string label = network.Name.PadRight(NetworkNames.All.Max(name => name.Length));
            callbacks.Insert(0, new ProgressBar(terminal.Error, label) { Columns = columns });
        }

        network.Model.Initialize(settings.Seed);
        network.Model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());
        network.Model.Fit(train, new FitOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            Threads = settings.Threads,
            Validation = test,
            Callbacks = callbacks,
            ShowProgress = false,
            CancellationToken = cancellation,
        });
        files.WriteModel(network.Name, network.Model, new OnnxExportOptions
        {
            Preprocessing = new ImagePreprocessing
            {
                Size = new Size2D((int)test.InputShape[0].Value, (int)test.InputShape[1].Value),
                Channels = test.InputShape[2] == 1 ? ImageChannels.Grey : ImageChannels.Rgb,
            },
            ClassNames = [.. test.ClassNames],
            GraphName = network.Name,
        });
        ModelCost cost = ModelCost.Of(network.Model.Graph);
        var result = new NetworkResult
        {
            Name = network.Name,
            Description = network.Description,
            ConvolutionParameters = cost.ConvolutionParameters,
            Parameters = cost.TrainableParameters,
            ConvolutionMacs = cost.ConvolutionMultiplyAccumulates,
            Macs = cost.MultiplyAccumulates,
            TestAccuracy = recorder.Rows[^1].TestAccuracy,
            TestLoss = recorder.Rows[^1].TestLoss,
            TrainSeconds = recorder.Rows.Sum(row => row.Seconds),
            LatencyMs = 0,
            Epochs = recorder.Rows,
            Layers = NetworkMeasurement.Layers(network.Model),
            Pictures = new NetworkPainter(test, index: 0).Draw(network.Model),
        };
        _finished.Add((result, network.Model));
    }

    /// <summary>
    /// Measures all finished networks, taking turns: times are only comparable when they were measured together. It is
    /// short, and not interrupted, so that a network that was trained is reported.
    /// </summary>
    private void Measure()
    {
        ImmutableArray<double> latencies = NetworkMeasurement.Latencies([.. _finished.Select(item => item.Model)]);
        for (int index = 0; index < _finished.Count; index++)
        {
            (NetworkResult result, Model model) = _finished[index];
            _finished[index] = (result with { LatencyMs = latencies[index] }, model);
        }
    }

    private ComparisonResult Collect(bool complete) => new()
    {
        Complete = complete,
        Data = data,
        Settings = settings,
        Machine = NetworkMeasurement.Machine(),
        Networks = [.. _finished.Select(item => item.Result)],
    };

    /// <summary>Keeps each epoch's figures, and has them written at once.</summary>
    private sealed class Recorder(Action<ImmutableArray<EpochRow>> written) : Callback
    {
        public ImmutableArray<EpochRow> Rows { get; private set; } = [];

        public override bool OnEpochEnd(Model model, EpochResult result)
        {
            Rows = Rows.Add(new EpochRow(
                result.Epoch,
                result.Loss,
                result.Metrics["accuracy"],
                result.ValidationLoss!.Value,
                result.ValidationMetrics!["accuracy"],
                result.Seconds));
            written(Rows);
            return true;
        }
    }
}
