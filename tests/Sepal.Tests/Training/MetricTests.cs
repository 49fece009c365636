using Sepal.Training;
using Sepal.Training.Metrics;
using Xunit;

namespace Sepal.Tests.Training;

public class MetricTests
{
    [Fact]
    public void Accuracy_takes_class_numbers_one_hot_rows_and_single_outputs()
    {
        var accuracy = new Accuracy();
        Assert.Equal(1, accuracy.Example([0.1f, 0.7f, 0.2f], [1], 3));
        Assert.Equal(0, accuracy.Example([0.1f, 0.7f, 0.2f], [2], 3));
        Assert.Equal(1, accuracy.Example([0.1f, 0.7f, 0.2f], [0, 1, 0], 3));
        Assert.Equal(0, accuracy.Example([0.1f, 0.7f, 0.2f], [1, 0, 0], 3));
        Assert.Equal(1, accuracy.Example([0.8f], [1], 1));
        Assert.Equal(0, accuracy.Example([0.8f], [0], 1));
    }

    [Fact]
    public void Accuracy_over_positions_is_their_share() =>
        Assert.Equal(0.5, new Accuracy().Example([0.1f, 0.9f, 0.1f, 0.9f], [1, 0], 2));

    [Fact]
    public void Accuracy_over_positions_of_a_single_output_is_their_share() =>
        Assert.Equal(0.25, new Accuracy().Example([0.1f, 0.9f, 0.1f, 0.2f], [0, 0, 1, 1], 1));

    [Fact]
    public void Top_accuracy_refuses_a_model_with_nothing_to_rank() =>
        Assert.Contains(
            "last dimension is 1",
            Assert.Throws<TrainingException>(() => new TopAccuracy(2).Example([0.8f], [1], 1)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Top_accuracy_counts_ranks_and_breaks_ties_by_position()
    {
        float[] output = [0.3f, 0.3f, 0.2f, 0.2f];
        Assert.Equal([1, 0, 0, 0], Enumerable.Range(0, 4).Select(@class => new TopAccuracy(1).Example(output, [@class], 4)));
        Assert.Equal([1, 1, 1, 0], Enumerable.Range(0, 4).Select(@class => new TopAccuracy(3).Example(output, [@class], 4)));
        Assert.Equal("top_5_accuracy", new TopAccuracy(5).Name);
        Assert.Throws<SepalException>(() => new TopAccuracy(0));
    }
}
