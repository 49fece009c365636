using Sepal.Data;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Shrinking;
using Sepal.Tests.Data;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;

namespace Sepal.Tests.Shrinking;

/// <summary>A small standard network that reads digits, and the digits; trained once for all tests that shrink it.</summary>
public sealed class TrainedDigits : IDisposable
{
    public const int TrainCount = 1500;
    public const int TestCount = 400;

    private readonly TemporaryDirectory _directory = new();

    public TrainedDigits()
    {
        (IdxDataset train, IdxDataset test) = Mnist.Load(Repository.Path("data", "mnist"));
        IdxBytes.Write(_directory, "train", train, TrainCount);
        IdxBytes.Write(_directory, "t10k", test, TestCount);
        (Train, Test) = Mnist.Load(DataPath);
        Model =
        [
            new Input(28, 28, 1),
            new Conv2D(32, (3, 3)) { Strides = 2, Padding = Padding2D.Same, Activation = Activations.Relu, Name = "first" },
            new Conv2D(64, (3, 3)) { Padding = Padding2D.Same, Activation = Activations.Relu, Name = "second" },
            new MaxPooling2D((2, 2)),
            new Conv2D(64, (3, 3)) { Padding = Padding2D.Same, Activation = Activations.Relu, Name = "third" },
            new Conv2D(64, (1, 1)) { Activation = Activations.Relu, Name = "pointwise" },
            new GlobalAveragePooling2D(),
            new Dense(10) { Activation = Activations.Softmax },
        ];
        Model.Initialize(1);
        Model.Compile(new Adam(0.003), new SparseCategoricalCrossentropy());
        Model.Fit(Train, new FitOptions { Epochs = 6, BatchSize = 32, ShowProgress = false });
        Model.ExportOnnx(ModelPath, new OnnxExportOptions
        {
            Preprocessing = new ImagePreprocessing { Size = (28, 28), Channels = ImageChannels.Grey },
            ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        });
    }

    public Sequential Model { get; }

    public IdxDataset Train { get; }

    public IdxDataset Test { get; }

    public string DataPath => _directory.Path;

    public string ModelPath => Path("digits.onnx");

    public string Path(string name) => _directory.File(name);

    /// <summary>Little is timed, so that tests are quick; what is told apart here differs by factors.</summary>
    internal static ShrinkOptions Quick => new()
    {
        Images = 100,
        MaximumRank = 4,
        CorrectionOptions = new CorrectionOptions { Samples = 2048, Rounds = 0, Ridges = [1e-3] },
        Forms = [DecouplingForm.DepthwisePointwise],
        SecondsPerLayer = 0.05,
        Threads = 1,
    };

    internal ShrinkData Data => new(Train.Take(400), Test);

    public void Dispose()
    {
        Model.Dispose();
        _directory.Dispose();
    }
}
