using Sepal.Data;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class ImageSplitTests
{
    [Fact]
    public void Every_class_gives_its_share()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(index => index < 60 ? 0 : index < 95 ? 1 : index < 99 ? 2 : 3)];

        var (train, validation) = ImageSplit.Stratified(labels, 0.2, seed: 1);

        Assert.Equal([12, 7, 1, 0], Enumerable.Range(0, 4).Select(label => validation.Count(index => labels[index] == label)));
        Assert.Equal(Enumerable.Range(0, 100), train.Concat(validation).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(validation.Order(), validation);
    }

    [Fact]
    public void The_seed_decides()
    {
        int[] labels = new int[50];

        Assert.Equal(ImageSplit.Stratified(labels, 0.5, 1).Validation, ImageSplit.Stratified(labels, 0.5, 1).Validation);
        Assert.NotEqual(ImageSplit.Stratified(labels, 0.5, 1).Validation, ImageSplit.Stratified(labels, 0.5, 2).Validation);
    }

    [Fact]
    public void Bounds_hold()
    {
        Assert.Empty(ImageSplit.Stratified([0, 0, 1, 1], 0, 1).Validation);
        Assert.Equal(2, ImageSplit.Stratified([0, 0, 1, 1], 0.001, 1).Validation.Length);
        Assert.Equal(2, ImageSplit.Stratified([0, 0, 1, 1], 0.999, 1).Validation.Length);
        Assert.Throws<DataException>(() => ImageSplit.Stratified([0, 1], 1, 1));
        Assert.Throws<DataException>(() => ImageSplit.Stratified([0, 1], double.NaN, 1));
    }
}
