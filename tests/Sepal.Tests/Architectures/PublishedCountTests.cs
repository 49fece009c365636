using Sepal.Architectures;
using Sepal.Costs;
using Xunit;

namespace Sepal.Tests.Architectures;

/// <summary>What the papers and the reference implementations count, against what Sepal counts.</summary>
public sealed class PublishedCountTests
{
    /// <summary>Keras for the MobileNets V1 and V2 and Xception, torchvision for the others.</summary>
    [Theory]
    [InlineData("mobilenet-v1", 4_231_976)]
    [InlineData("mobilenet-v1-0.75", 2_585_560)]
    [InlineData("mobilenet-v1-0.5", 1_331_592)]
    [InlineData("mobilenet-v1-0.25", 470_072)]
    [InlineData("mobilenet-v2", 3_504_872)]
    [InlineData("mobilenet-v2-1.4", 6_108_776)]
    [InlineData("mobilenet-v2-0.35", 1_677_128)]
    [InlineData("mobilenet-v3-small", 2_542_856)]
    [InlineData("mobilenet-v3-large", 5_483_032)]
    [InlineData("efficientnet-b0", 5_288_548)]
    [InlineData("mnasnet-0.5", 2_218_512)]
    [InlineData("mnasnet-0.75", 3_170_208)]
    [InlineData("mnasnet-1.0", 4_383_312)]
    [InlineData("mnasnet-1.3", 6_282_256)]
    [InlineData("shufflenet-v2-0.5", 1_366_792)]
    [InlineData("shufflenet-v2-1.0", 2_278_604)]
    [InlineData("shufflenet-v2-1.5", 3_503_624)]
    [InlineData("shufflenet-v2-2.0", 7_393_996)]
    [InlineData("xception", 22_855_952)]
    [InlineData("resnet18", 11_689_512)]
    public void Trainable_parameters_are_the_reference_implementations(string name, long parameters) =>
        Assert.Equal(parameters, Cost(Architecture.Create(name)).TrainableParameters);

    /// <summary>
    /// The tolerance is what the documentation explains; half a unit of the last digit given where there is nothing to. MNASNet's
    /// number is torchvision's, since the paper counts another member of the family.
    /// </summary>
    [Theory]
    [InlineData("mobilenet-v1", 224, 568_740_352, 569, 0.5)]
    [InlineData("mobilenet-v1-0.75", 224, 325_400_448, 325, 0.5)]
    [InlineData("mobilenet-v1-0.5", 224, 149_497_088, 149, 0.5)]
    [InlineData("mobilenet-v1-0.25", 224, 41_030_272, 41, 0.5)]
    [InlineData("mobilenet-v1", 192, 418_121_728, 418, 0.5)]
    [InlineData("mobilenet-v1", 160, 290_675_200, 290, 1)]
    [InlineData("mobilenet-v1", 128, 186_400_768, 186, 0.5)]
    [InlineData("mobilenet-v2", 224, 300_774_272, 300, 1)]
    [InlineData("mobilenet-v2-1.4", 224, 582_195_824, 585, 3)]
    [InlineData("mobilenet-v3-large", 224, 216_589_760, 219, 2.5)]
    [InlineData("mobilenet-v3-large-0.75", 224, 154_560_624, 155, 0.5)]
    [InlineData("mobilenet-v3-small", 224, 56_510_400, 56, 0.6)]
    [InlineData("mobilenet-v3-small-0.75", 224, 43_399_344, 44, 0.7)]
    [InlineData("efficientnet-b0", 224, 385_814_752, 390, 5)]
    [InlineData("mnasnet-1.0", 224, 314_415_872, 310, 5)]
    [InlineData("shufflenet-v2-0.5", 224, 40_476_448, 41, 0.6)]
    [InlineData("shufflenet-v2-1.0", 224, 144_907_992, 146, 1.5)]
    [InlineData("shufflenet-v2-1.5", 224, 295_759_392, 299, 3.5)]
    [InlineData("shufflenet-v2-2.0", 224, 583_253_464, 591, 8)]
    [InlineData("resnet18", 224, 1_814_073_344, 1800, 50)]
    public void Multiply_adds_are_the_papers(string name, int resolution, long counted, double paperMillions, double toleranceMillions)
    {
        long macs = Cost(Architecture.Create(name) with { InputShape = [resolution, resolution, 3] }).MultiplyAccumulates;
        Assert.Equal(counted, macs);
        Assert.Equal(paperMillions, macs / 1e6, toleranceMillions);
    }

    [Fact]
    public void Multiply_adds_of_Xception_which_its_paper_does_not_count() =>
        Assert.Equal(8_357_403_496, Cost(new Xception()).MultiplyAccumulates);

    /// <summary>The variant for CIFAR-10 that is in use: 11,173,962 parameters, 0.56 × 10⁹ multiply-adds.</summary>
    [Fact]
    public void Counts_of_ResNet_for_small_images()
    {
        ModelCost cost = Cost(new ResNet18 { Classes = 10, InputShape = [32, 32, 3], StemKernelSize = 3, Strides = [1, 1, 2, 2, 2] });
        Assert.Equal(11_173_962, cost.TrainableParameters);
        Assert.Equal(0.56, cost.MultiplyAccumulates / 1e9, 0.005);
    }

    [Fact]
    public void Counts_of_the_narrow_ResNet_that_the_samples_train()
    {
        ModelCost cost = Cost(new ResNet18
        {
            Classes = 10,
            InputShape = [28, 28, 1],
            Width = 0.25,
            StemKernelSize = 3,
            Strides = [1, 1, 2, 2, 2],
        });
        Assert.Equal((701_178, 28_573_184), (cost.TrainableParameters, cost.MultiplyAccumulates));
    }

    /// <summary>
    /// The authors' first block of stage 2 lets the branches give 24 channels and the rest, where torchvision's give halves. What
    /// that makes at 28×28 is the difference to the paper's numbers.
    /// </summary>
    [Theory]
    [InlineData("shufflenet-v2-1.0", 116, 146)]
    [InlineData("shufflenet-v2-1.5", 176, 299)]
    [InlineData("shufflenet-v2-2.0", 244, 591)]
    public void The_difference_of_ShuffleNetV2_is_the_first_block_of_stage_2(string name, int filters, double paperMillions)
    {
        const int Input = 24;
        int half = filters / 2;
        long ours = (Input * half) + (half * half);
        long authors = (Input * Input) + (half * (filters - Input));
        long macs = Cost(Architecture.Create(name)).MultiplyAccumulates + (28 * 28 * (authors - ours));
        Assert.Equal(paperMillions, macs / 1e6, 0.5);
    }

    /// <summary>Table 6 of the paper, in millions.</summary>
    [Theory]
    [InlineData(1, 4.2)]
    [InlineData(0.75, 2.6)]
    [InlineData(0.5, 1.3)]
    [InlineData(0.25, 0.5)]
    public void Parameters_of_the_widths_of_MobileNet_are_the_papers(double width, double millions) =>
        Assert.Equal(millions, Cost(new MobileNetV1 { Width = width }).TrainableParameters / 1e6, 0.05);

    private static ModelCost Cost(Architecture architecture) => ModelCost.Of(architecture.BuildGraph());
}
