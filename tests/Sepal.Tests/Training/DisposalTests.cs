using System.Numerics.Tensors;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>Numbers lie in native memory, so whatever reads them after they are freed has to be refused.</summary>
public class DisposalTests
{
    private static readonly Tensor<float> Image = Tensor.Create(new float[Clusters.Size * Clusters.Size], [1, Clusters.Size, Clusters.Size, 1]);

    [Fact]
    public void A_model_that_was_disposed_of_refuses_to_be_used()
    {
        Sequential model = Compiled();

        // Plans are kept from one use to the next: these must not be found again afterwards.
        model.Fit(new Clusters(40), 1);
        model.Evaluate(new Clusters(40));
        model.Predict(Image);
        model.Dispose();
        model.Dispose();

        Refused(() => model.Fit(new Clusters(40), 1));
        Refused(() => model.Evaluate(new Clusters(40)));
        Refused(() => model.Predict(Image));
        Refused(() => model.Activation("dense", Image));
        Refused(() => model.Compile(new Adam(), new SparseCategoricalCrossentropy()));
        Refused(() => model.Initialize(1));
        Refused(() => model.GetParameter(model.Graph.Parameters[0]));
        Refused(() => model.MeasureLatency(runs: 1));
        Assert.Contains("dense", model.Summary(), StringComparison.Ordinal);

        void Refused(Action use) =>
            Assert.Contains(nameof(Sequential), Assert.Throws<ObjectDisposedException>(use).ObjectName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_that_disposes_of_the_model_ends_training()
    {
        Sequential model = Compiled();
        Assert.Throws<ObjectDisposedException>(() => model.Fit(
            new Clusters(40), new FitOptions { Epochs = 2, ShowProgress = false, Callbacks = [new Disposer()] }));
    }

    [Fact]
    public void A_callback_that_compiles_the_model_anew_ends_training()
    {
        using Sequential model = Compiled();
        Assert.Throws<ObjectDisposedException>(() => model.Fit(
            new Clusters(40), new FitOptions { Epochs = 2, ShowProgress = false, Callbacks = [new Compiler()] }));
    }

    private static Sequential Compiled()
    {
        Sequential model = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(4) { Activation = Activations.Softmax }];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        return model;
    }

    private sealed class Disposer : Callback
    {
        public override bool OnEpochEnd(Model model, EpochResult result)
        {
            model.Dispose();
            return true;
        }
    }

    private sealed class Compiler : Callback
    {
        public override bool OnEpochEnd(Model model, EpochResult result)
        {
            model.Compile(new Sgd(), new SparseCategoricalCrossentropy());
            return true;
        }
    }
}
