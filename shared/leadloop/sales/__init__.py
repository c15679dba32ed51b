"""What happens to a lead that sales holds: service levels, rejections and recycling."""
