using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Operators;
using Sepal.Shrinking;
using Sepal.Shrinking.Search;
using Sepal.Training;
using Xunit;

namespace Sepal.Tests.Shrinking;

public sealed class ShrinkerTests(TrainedDigits digits) : IClassFixture<TrainedDigits>
{
    [Fact]
    public void A_limit_on_the_multiply_adds_is_met_with_little_loss()
    {
        var before = ModelCost.Of(digits.Model.Graph);
        long limit = before.MultiplyAccumulates / 2;
        using ShrinkResult result = Shrinker.Shrink(digits.Model, digits.Data, TrainedDigits.Quick with { MaximumMultiplyAccumulates = limit });

        Assert.InRange(ModelCost.Of(result.Model.Graph).MultiplyAccumulates, 1, limit);
        Assert.Equal(ModelCost.Of(result.Model.Graph).MultiplyAccumulates, result.Shrunk.MultiplyAccumulates);
        Assert.Equal(before.MultiplyAccumulates, result.Original.MultiplyAccumulates);
        Assert.Equal(QualityKind.Accuracy, result.QualityKind);
        Assert.Equal([ShrinkStage.Original, ShrinkStage.Decoupling, ShrinkStage.Correction], result.Stages.Select(stage => stage.Stage));
        Assert.InRange(result.Stages[0].Search, 0.85, 1);
        Assert.InRange(result.QualityDrop, -0.05, 0.08);
    }

    [Fact]
    public void Decisions_add_up_to_the_network()
    {
        using ShrinkResult result = Shrinker.Shrink(
            digits.Model, digits.Data, TrainedDigits.Quick with { MaximumMultiplyAccumulates = ModelCost.Of(digits.Model.Graph).MultiplyAccumulates / 3 });

        Assert.Equal(["first", "second", "third", "pointwise"], result.Layers.Select(layer => layer.Name.Split('/')[0]));
        Assert.Equal(
            result.Original.MultiplyAccumulates - result.Shrunk.MultiplyAccumulates,
            result.Layers.Sum(layer => layer.Before.MultiplyAccumulates - layer.After.MultiplyAccumulates));
        foreach (LayerDecision layer in result.Layers.Where(layer => layer.IsReplaced))
        {
            Assert.InRange(layer.Rank, 1, 9);
            Assert.InRange(layer.ReconstructionError, 0, 1);
            Assert.True(layer.After.Milliseconds < layer.Before.Milliseconds);
        }

        Assert.Contains(result.Layers, layer => layer.IsReplaced);
        Assert.Equal("1×1: there is no window to take apart", result.Layers[3].Reason);
        Assert.Single(result.Networks, network => network.IsChosen);
        Assert.Single(result.Networks, network => network.Replaced == 0);
    }

    [Fact]
    public void A_drop_that_is_let_pass_is_kept_to_as_measured()
    {
        using ShrinkResult result = Shrinker.Shrink(digits.Model, digits.Data, TrainedDigits.Quick with { MaximumAccuracyDrop = 0.03 });

        Assert.InRange(result.Stages[0].Search - result.Stages[^1].Search, -1, 0.03);
        Assert.Contains(result.Layers, layer => layer.IsReplaced);
        var judge = new NetworkJudge(digits.Model, digits.Test, hasLabels: true, threads: 2);
        Assert.Equal(result.Stages[^1].Search, judge.Judge(result.Model).Quality, 1e-9);
        Assert.Equal(0, result.HeldOutImages);
    }

    [Fact]
    public void Without_labels_no_target_is_looked_at()
    {
        var unlabelled = new ShrinkData(new WithoutTargets(digits.Train.Take(200)), new WithoutTargets(digits.Test)) { HasLabels = false };
        using ShrinkResult result = Shrinker.Shrink(
            digits.Model, unlabelled, TrainedDigits.Quick with { MaximumAccuracyDrop = 0.05, FineTuneEpochs = 1 });

        Assert.Equal(QualityKind.Agreement, result.QualityKind);
        Assert.Equal(1, result.Stages[0].Search);
        Assert.Equal(ShrinkStage.FineTuning, result.Stages[^1].Stage);
        Assert.InRange(result.Stages[^1].Search, 0.95, 1);
    }

    [Fact]
    public void The_original_stays_as_it_is()
    {
        float[] before = [.. digits.Model.Graph.Parameters.SelectMany(parameter => digits.Model.GetParameter(parameter).ToArray())];
        using ShrinkResult result = Shrinker.Shrink(digits.Model, digits.Data, TrainedDigits.Quick with { MaximumAccuracyDrop = 0.1 });
        Assert.Equal(before, digits.Model.Graph.Parameters.SelectMany(parameter => digits.Model.GetParameter(parameter).ToArray()));
    }

    [Fact]
    public void Layers_are_kept_as_asked()
    {
        string second = digits.Model.Graph.Nodes.Single(node => node.Operator is Convolution && node.LayerName == "second").Name;
        using ShrinkResult result = Shrinker.Shrink(
            digits.Model, digits.Data, TrainedDigits.Quick with { MaximumAccuracyDrop = 1, Keep = [second] });
        Assert.False(result.Layers[1].IsReplaced);
        Assert.Equal("kept as asked", result.Layers[1].Reason);
        Assert.True(result.Layers[2].IsReplaced);
    }

    [Fact]
    public void An_impossible_limit_says_the_best_reachable()
    {
        ShrinkException error = Assert.Throws<ShrinkException>(() => Shrinker.Shrink(
            digits.Model, digits.Data, TrainedDigits.Quick with { MaximumMultiplyAccumulates = 1000 }));
        Assert.Contains("at most 1,000 multiply-adds were asked for, and the best reachable is ", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<ShrinkException>(() => Shrinker.Shrink(digits.Model, digits.Data, TrainedDigits.Quick with { SpeedUp = 1000 }));
        Assert.Contains("1000 times as fast was asked for, and the best reachable is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_convolutions_is_refused()
    {
        using Sequential dense = [new Input(28, 28, 1), new Layers.Flatten(), new Layers.Dense(10)];
        ShrinkException error = Assert.Throws<ShrinkException>(() => Shrinker.Shrink(dense, digits.Data, TrainedDigits.Quick));
        Assert.StartsWith("The network has no convolution, so that there is nothing to shrink.", error.Message, StringComparison.Ordinal);

        using Sequential separable = [new Input(28, 28, 1), new Conv2D(8, (1, 1)), new GlobalAveragePooling2D(), new Layers.Dense(10)];
        error = Assert.Throws<ShrinkException>(() => Shrinker.Shrink(separable, digits.Data, TrainedDigits.Quick));
        Assert.Contains("1 of 1: 1×1: there is no window to take apart", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        using Sequential wide = [new Input(32, 32, 3), new Conv2D(8, (3, 3)), new GlobalAveragePooling2D(), new Layers.Dense(10)];
        SepalException error = Assert.Throws<SepalException>(() => Shrinker.Shrink(wide, digits.Data, TrainedDigits.Quick));
        Assert.Contains("The images have the shape (28, 28, 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_without_a_class_are_refused()
    {
        using Sequential narrow = [new Input(28, 28, 1), new Conv2D(8, (3, 3)), new GlobalAveragePooling2D(), new Layers.Dense(3)];
        SepalException error = Assert.Throws<SepalException>(() => Shrinker.Shrink(narrow, digits.Data, TrainedDigits.Quick));
        Assert.Contains("the network tells 3 classes apart", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_does_not_classify_is_held_against_its_own_outputs()
    {
        using Sequential filter =
        [
            new Input(28, 28, 1),
            new Conv2D(32, (3, 3)) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new Conv2D(32, (3, 3)) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new Conv2D(1, (1, 1)),
        ];
        using ShrinkResult result = Shrinker.Shrink(filter, digits.Data, TrainedDigits.Quick with { MaximumAccuracyDrop = 0.2, Forms = [DecouplingForm.DepthwisePointwise] });
        Assert.Equal(QualityKind.Fidelity, result.QualityKind);
        Assert.InRange(result.Stages[^1].Search, 0.8, 1);
    }

    [Fact]
    public void Shrinking_is_cancelled_while_it_goes_on()
    {
        using var source = new CancellationTokenSource();
        ShrinkOptions options = TrainedDigits.Quick with
        {
            Progress = step =>
            {
                if (step.Stage == ShrinkStage.Sensitivity)
                {
                    source.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(() => Shrinker.Shrink(digits.Model, digits.Data, options, source.Token));
    }

    [Theory]
    [InlineData("MaximumAccuracyDrop")]
    [InlineData("SpeedUp")]
    [InlineData("Images")]
    [InlineData("PruneShare")]
    public void Options_out_of_range_are_refused(string option)
    {
        ShrinkOptions options = option switch
        {
            "MaximumAccuracyDrop" => new ShrinkOptions { MaximumAccuracyDrop = 1.5 },
            "SpeedUp" => new ShrinkOptions { SpeedUp = -1 },
            "Images" => new ShrinkOptions { Images = 0 },
            _ => new ShrinkOptions { PruneShare = 1 },
        };
        SepalException error = Assert.Throws<SepalException>(() => Shrinker.Shrink(digits.Model, digits.Data, options));
        Assert.Contains(". Give ", error.Message, StringComparison.Ordinal);
    }

    private sealed class WithoutTargets(Dataset source) : Dataset
    {
        public override int Count => source.Count;

        public override Shape InputShape => source.InputShape;

        public override Shape TargetShape => source.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            source.Read(indices, inputs, targets);
            targets.Fill(float.NaN);
        }
    }
}
