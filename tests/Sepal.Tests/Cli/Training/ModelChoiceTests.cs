using Sepal.Cli.Training;
using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>What an architecture becomes for the images that it is to be trained on.</summary>
public sealed class ModelChoiceTests
{
    [Theory]
    [InlineData("resnet18-0.25", 28, 3, 28, 4)]
    [InlineData("resnet18-0.25", 224, 7, 112, 7)]
    [InlineData("vgg13-0.25", 28, 3, 28, 3)]
    public void Small_images_keep_their_pixels_at_first(string name, int size, int kernel, int rowsAfterStem, int lastRows)
    {
        var settings = new TrainingSettings
        {
            Data = "pictures",
            Model = name,
            Input = [size, size, 1],
            ValidationSplit = 0.1,
            Epochs = 1,
            BatchSize = 8,
            Optimizer = "adam",
            LearningRate = 0.001,
            Schedule = "cosine",
            Seed = 1,
            Preprocessing = "scale",
        };
        using Model model = ModelChoice.Resolve(name).Create(settings.Input, ["a", "b", "c"], settings);
        Node first = model.Graph.Nodes.First(node => node.Operator is Convolution);

        Assert.Equal(kernel, ((Convolution)first.Operator).KernelSize.Height);
        Assert.Equal(rowsAfterStem, first.Output.Shape[1].Value);
        Assert.Equal(lastRows, model.Graph.Node("pool").Inputs[0].Shape[1].Value);
    }
}
